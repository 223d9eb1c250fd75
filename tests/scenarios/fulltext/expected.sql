CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `i` (
  `FTS_DOC_ID` bigint unsigned NOT NULL AUTO_INCREMENT,
  `a` text,
  PRIMARY KEY (`FTS_DOC_ID`),
  FULLTEXT KEY `a` (`a`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=latin1;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `a` varchar(200) DEFAULT NULL,
  `b` text,
  PRIMARY KEY (`id`),
  FULLTEXT KEY `one` (`a`),
  FULLTEXT KEY `both_of_them` (`a`,`b`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

-- i: FTS_DOC_ID="1", a="word"
-- t: id="1", a="the word of it", b="any of them"
-- t: id="2", a="ab", b="Ärger"
