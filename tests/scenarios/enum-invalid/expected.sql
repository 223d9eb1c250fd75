CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `e` enum('a','b') DEFAULT NULL,
  `s` set('x','y') DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- t: id="1", e="", s=""
-- t: id="2", e="", s=""
-- t: id="3", e="b", s="x,y"
