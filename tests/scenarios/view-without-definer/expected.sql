CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `n` int DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`gone`@`nowhere` SQL SECURITY DEFINER VIEW `scenario`.`first_view` AS select `scenario`.`t`.`id` AS `id` from `scenario`.`t`;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`second_view` AS select `scenario`.`first_view`.`id` AS `id` from `scenario`.`first_view`;

CREATE DEFINER=`gone`@`nowhere` FUNCTION `f`() RETURNS int
    DETERMINISTIC
RETURN 1;

-- t: id="1", n="10"
