CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `note` varchar(40) DEFAULT NULL COMMENT 'COMPRESSION="zlib"',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COMMENT='compressed';

-- t: id="1", note="x"
