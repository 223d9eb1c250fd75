CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `a` varchar(200) DEFAULT NULL,
  `b` text,
  PRIMARY KEY (`id`),
  FULLTEXT KEY `one` (`a`),
  FULLTEXT KEY `both_of_them` (`a`,`b`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

-- t: id="1", a="the word of it", b="any of them"
-- t: id="2", a="ab", b="Ärger"
