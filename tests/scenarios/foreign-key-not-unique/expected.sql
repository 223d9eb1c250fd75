CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `child` (
  `id` int NOT NULL,
  `code` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `code` (`code`),
  CONSTRAINT `child_ibfk_1` FOREIGN KEY (`code`) REFERENCES `parent` (`code`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `parent` (
  `id` int NOT NULL,
  `code` int NOT NULL,
  `region` int NOT NULL,
  PRIMARY KEY (`id`),
  KEY `code` (`code`,`region`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- child: id="1", code="7"
-- parent: id="1", code="7", region="1"
-- parent: id="2", code="7", region="2"
