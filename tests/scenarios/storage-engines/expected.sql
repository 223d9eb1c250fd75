CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `of_archive` (
  `id` int DEFAULT NULL,
  `note` text
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `of_blackhole` (
  `id` int DEFAULT NULL,
  `note` text
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `of_csv` (
  `id` int NOT NULL,
  `note` text NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `of_innodb` (
  `id` int NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `of_memory` (
  `id` int NOT NULL,
  `note` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `note` (`note`) USING BTREE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 MAX_ROWS=100;

CREATE TABLE `of_myisam` (
  `id` int NOT NULL,
  `note` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  FULLTEXT KEY `words` (`note`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

-- of_archive: id="1", note="one"
-- of_archive: id="1", note="one"
-- of_csv: id="1", note="a,b"
-- of_csv: id="2", note="it's"
-- of_innodb: id="1"
-- of_memory: id="1", note="one"
-- of_myisam: id="1", note="one"
-- of_myisam: id="2", note="ENGINE=MyISAM"
