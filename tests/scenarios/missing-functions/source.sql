CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(40), hash CHAR(40)) ENGINE=InnoDB;
INSERT INTO users VALUES (1, 'Amy', NULL);
DELIMITER //
CREATE DEFINER=CURRENT_USER TRIGGER hashes BEFORE UPDATE ON users FOR EACH ROW SET NEW.hash = SHA1(NEW.name)//
CREATE PROCEDURE counts(IN word VARCHAR(20)) SQL SECURITY INVOKER
BEGIN
  -- ENCRYPT('in a comment') is no call, nor is 'ENCRYPT(x)' in a string.
  CREATE TEMPORARY TABLE found (id INT, hash VARCHAR(40), KEY by_hash (hash(10)));
  INSERT INTO found(id, hash) SELECT id, ENCRYPT(word) FROM users WHERE name IN ('a', 'ENCRYPT(x)');
  SELECT COUNT(*) FROM found WHERE hash = (ENCODE(word, 'x'));
END//
CREATE PROCEDURE versions() SQL SECURITY INVOKER
BEGIN
  SELECT COUNT(*) FROM mysql.proc WHERE db = DATABASE();
  PREPARE asked FROM 'SELECT SQL_CACHE COUNT(*) FROM users';
END//
CREATE PROCEDURE words(IN word VARCHAR(20)) SQL SECURITY INVOKER
BEGIN
  SELECT COUNT(*) FROM users WHERE name REGEXP CONCAT('[[:<:]]', word, '[[:>:]]') OR name RLIKE CONCAT('^', word, '{2}$');
  SELECT COUNT(*) FROM users WHERE name REGEXP 'a{b' OR name REGEXP '^[[:alpha:]]+$' OR name REGEXP BINARY '^A';
END//
DELIMITER ;
