CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `keyed` (
  `a` varchar(333) NOT NULL,
  `b` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,
  PRIMARY KEY (`a`),
  KEY `b` (`b`(250))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

-- keyed: a="a", b="b"
