CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `users` (
  `id` int NOT NULL,
  `name` varchar(40) DEFAULT NULL,
  `hash` char(40) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `counts`(IN word VARCHAR(20))
    SQL SECURITY INVOKER
BEGIN
  -- ENCRYPT('in a comment') is no call, nor is 'ENCRYPT(x)' in a string.
  CREATE TEMPORARY TABLE found (id INT, hash VARCHAR(40), KEY by_hash (hash(10)));
  INSERT INTO found(id, hash) SELECT id, ENCRYPT(word) FROM users WHERE name IN ('a', 'ENCRYPT(x)');
  SELECT COUNT(*) FROM found WHERE hash = (ENCODE(word, 'x'));
END;

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `versions`()
    SQL SECURITY INVOKER
BEGIN
  SELECT COUNT(*) FROM mysql.proc WHERE db = DATABASE();
  PREPARE asked FROM 'SELECT SQL_CACHE COUNT(*) FROM users';
END;

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `words`(IN word VARCHAR(20))
    SQL SECURITY INVOKER
BEGIN
  SELECT COUNT(*) FROM users WHERE name REGEXP CONCAT('[[:<:]]', word, '[[:>:]]') OR name RLIKE CONCAT('^', word, '{2}$');
  SELECT COUNT(*) FROM users WHERE name REGEXP 'a{b' OR name REGEXP '^[[:alpha:]]+$' OR name REGEXP BINARY '^A';
END;

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `hashes` BEFORE UPDATE ON `users` FOR EACH ROW SET NEW.hash = SHA1(NEW.name);

-- users: id="1", name="Amy", hash=NULL
