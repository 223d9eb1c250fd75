CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `users` (
  `id` int NOT NULL,
  `name` varchar(40) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`amys` AS select `scenario`.`users`.`id` AS `id` from `scenario`.`users` where regexp_like(`scenario`.`users`.`name`,'[[:<:]]amy[[:>:]]');

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`braces` AS select `scenario`.`users`.`id` AS `id`,regexp_like(`scenario`.`users`.`name`,'a{b') AS `has_brace` from `scenario`.`users`;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`fine` AS select `scenario`.`users`.`id` AS `id` from `scenario`.`users` where regexp_like(`scenario`.`users`.`name`,'^[[:alpha:]]+$');

-- users: id="1", name="amy"
-- users: id="2", name="a{b"
