CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `d` date NOT NULL,
  `dt` datetime DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- t: id="1", d="2010-02-31", dt="2011-04-31 10:00:00"
-- t: id="2", d="1999-02-29", dt=NULL
