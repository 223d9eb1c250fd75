CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `grouped` (
  `g` int NOT NULL,
  `n` int NOT NULL AUTO_INCREMENT,
  `note` varchar(10) DEFAULT NULL,
  PRIMARY KEY (`g`,`n`),
  KEY `n` (`n`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=latin1;

CREATE TABLE `served` (
  `g` int NOT NULL,
  `n` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`g`,`n`),
  KEY `n` (`n`)
) ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=latin1;

-- grouped: g="1", n="1", note="a"
-- grouped: g="1", n="2", note="b"
-- grouped: g="2", n="1", note="a"
-- served: g="1", n="1"
-- served: g="1", n="2"
-- served: g="2", n="3"
