CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `compact` (
  `id` int NOT NULL,
  `c` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `c` (`c`(191))
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `compressed` (
  `id` int NOT NULL,
  `c` text,
  PRIMARY KEY (`id`),
  KEY `c` (`c`(10))
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `dynamic` (
  `id` int NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 ROW_FORMAT=DYNAMIC COMMENT='ROW_FORMAT=FIXED';

CREATE TABLE `fixed` (
  `id` int NOT NULL,
  `c` char(10) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `redundant` (
  `id` int NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- compact: id="1", c="é"
-- compressed: id="1", c="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (3000 bytes, SHA-256 e1630f843370f402)
-- fixed: id="1", c="ROW_FORMAT"
