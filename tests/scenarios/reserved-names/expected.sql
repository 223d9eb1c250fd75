CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `rank` (
  `groups` int DEFAULT NULL,
  `system` varchar(10) DEFAULT NULL,
  `lateral` int DEFAULT NULL,
  `of` int DEFAULT NULL,
  KEY `window` (`groups`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`cume_dist` AS select `scenario`.`rank`.`groups` AS `row_number` from `scenario`.`rank`;

-- rank: groups="1", system="a", lateral="2", of="3"
