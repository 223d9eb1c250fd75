CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `orders` (
  `id` int NOT NULL,
  `placed` date DEFAULT NULL,
  `customer` int DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`grouped` AS select `scenario`.`orders`.`id` AS `id`,`scenario`.`orders`.`customer` AS `customer` from `scenario`.`orders` group by `scenario`.`orders`.`customer`;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`placed` AS select `scenario`.`orders`.`id` AS `id` from `scenario`.`orders` where (`scenario`.`orders`.`placed` <> '');

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`placed_since` AS select `scenario`.`orders`.`id` AS `id` from `scenario`.`orders` where (`scenario`.`orders`.`placed` > '2014-01-01');

-- orders: id="1", placed="2014-05-01", customer="7"
-- orders: id="2", placed="0000-00-00", customer="7"
