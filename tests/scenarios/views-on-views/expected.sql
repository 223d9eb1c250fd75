CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `name` varchar(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=TEMPTABLE DEFINER=`root`@`127.0.0.1` SQL SECURITY INVOKER VIEW `scenario`.`a_top` AS select count(0) AS `n`,max(`scenario`.`m_middle`.`bytes`) AS `bytes` from `scenario`.`m_middle` union all select `scenario`.`z_base`.`id` AS `id`,0 AS `0` from `scenario`.`z_base`;

CREATE ALGORITHM=UNDEFINED DEFINER=`gone`@`nowhere` SQL SECURITY DEFINER VIEW `scenario`.`b_base` AS select `scenario`.`t`.`id` AS `id` from `scenario`.`t`;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`c_top` AS select `scenario`.`b_base`.`id` AS `id` from (`scenario`.`b_base` join `scenario`.`z_base` on((`scenario`.`b_base`.`id` = `scenario`.`z_base`.`id`)));

CREATE ALGORITHM=MERGE DEFINER=`gone`@`nowhere` SQL SECURITY DEFINER VIEW `scenario`.`m_middle` AS select `scenario`.`z`.`id` AS `id`,length(`scenario`.`z`.`name`) AS `bytes` from `scenario`.`z_base` `z` where (`scenario`.`z`.`id` > 0) WITH CASCADED CHECK OPTION;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`z_base` AS select `scenario`.`t`.`id` AS `id`,`scenario`.`t`.`name` AS `name`,concat(`scenario`.`t`.`name`,'ü') AS `it's a "name"` from `scenario`.`t`;

-- t: id="1", name="é"
