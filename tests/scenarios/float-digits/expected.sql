CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `f` float DEFAULT NULL,
  `d` double DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`seen` AS select `scenario`.`t`.`id` AS `id`,(`scenario`.`t`.`f` + 0) AS `exact` from `scenario`.`t`;

-- t: id="1", f="16777200", d="16777217"
-- t: id="2", f="0.1", d="0.1"
-- t: id="3", f="3.40282e38", d="1.7976931348623157e308"
-- t: id="4", f="-1.17549e-38", d="2.2250738585072014e-308"
