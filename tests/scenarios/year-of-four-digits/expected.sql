CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `y` year DEFAULT NULL,
  `z` year DEFAULT '2155',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- t: id="1", y="1901", z="2155"
-- t: id="2", y="2000", z="0000"
-- t: id="3", y="0000", z="2069"
-- t: id="4", y="1970", z=NULL
