CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `orders` (
  `id` int NOT NULL,
  `total` int DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`above` AS select `scenario`.`totals`.`total` AS `total` from `scenario`.`totals`;

CREATE ALGORITHM=UNDEFINED DEFINER=`appowner`@`10.1.%` SQL SECURITY INVOKER VIEW `scenario`.`ids` AS select `scenario`.`orders`.`id` AS `id` from `scenario`.`orders`;

CREATE ALGORITHM=UNDEFINED DEFINER=`appowner`@`10.1.%` SQL SECURITY DEFINER VIEW `scenario`.`totals` AS select sum(`scenario`.`orders`.`total`) AS `total` from `scenario`.`orders`;

CREATE DEFINER=`appowner`@`10.1.%` PROCEDURE `add_order`(IN id INT)
INSERT INTO orders VALUES (id, 0);

CREATE DEFINER=`appowner`@`10.1.%` PROCEDURE `list_orders`()
    SQL SECURITY INVOKER
SELECT id FROM orders;

CREATE DEFINER=`appowner`@`10.1.%` TRIGGER `positive` BEFORE INSERT ON `orders` FOR EACH ROW SET NEW.total = ABS(NEW.total);

-- orders: id="1", total="10"
