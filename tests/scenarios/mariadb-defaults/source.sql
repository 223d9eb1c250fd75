CREATE TABLE one (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, token VARCHAR(36) DEFAULT uuid(), note TEXT DEFAULT 'it''s (a) note', bin BLOB DEFAULT 'b', sum INT DEFAULT (1 + 2),
  at DATETIME(3) DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3), day DATE DEFAULT curdate(), j JSON, n INT CHECK (n > 1), hidden INT INVISIBLE DEFAULT 7,
  packed VARCHAR(1000) COMPRESSED, CHECK (sum < 100), CONSTRAINT named CHECK (n < 99)) ENGINE=Aria TRANSACTIONAL=1 PAGE_CHECKSUM=1;
CREATE TABLE two (a INT, CHECK (a > 0), CHECK (a < 100)) ENGINE=InnoDB PAGE_COMPRESSED=1 `ENCRYPTED`=NO;
CREATE TABLE three (a INT, CHECK (a > 0), b INT GENERATED ALWAYS AS (a + 1) VIRTUAL, c INT AS (a * 2) PERSISTENT, d VARCHAR(20) AS (concat('it''s ', a)) STORED, KEY (c));
INSERT INTO one (id, note, day, at, token, j, n, packed) VALUES (1, 'x', '2020-01-01', '2020-01-01 00:00:00.5', 'a-b', '{"a": [1, "ü"]}', 5, REPEAT('p', 500));
INSERT INTO two VALUES (1), (NULL); INSERT INTO three (a) VALUES (1), (2);
CREATE VIEW v AS SELECT json_value(j, '$.a[1]') AS x, hidden FROM one;
