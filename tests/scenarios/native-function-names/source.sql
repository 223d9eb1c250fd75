GRANT EXECUTE ON `native\_function\_names%`.* TO 'ferry'@'127.0.0.1';
CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL);
INSERT INTO t VALUES (1, '6ccd780c-baba-1026-9564-5b8c656024db'), (2, 'amy');
CREATE FUNCTION uuid_to_bin(x VARCHAR(40)) RETURNS VARCHAR(50) DETERMINISTIC RETURN CONCAT('own ', x);
CREATE FUNCTION is_uuid(x VARCHAR(40)) RETURNS INT DETERMINISTIC RETURN 7;
CREATE FUNCTION `rank`(x INT) RETURNS INT DETERMINISTIC RETURN x * 10;
CREATE FUNCTION plain(x INT) RETURNS INT DETERMINISTIC RETURN x + 1;
CREATE VIEW v AS
  SELECT id, uuid_to_bin(name) AS b, is_uuid(uuid_to_bin(name)) AS u, `rank`(id) AS r, plain(id) AS p, 'uuid_to_bin(x)' AS text, ISNULL(name) AS n FROM t;
CREATE PROCEDURE p() SELECT uuid_to_bin(name), plain(id) FROM t;
