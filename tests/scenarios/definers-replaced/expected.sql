CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`scenario_new`@`%` SQL SECURITY INVOKER VIEW `scenario`.`v_gone` AS select `scenario`.`t`.`id` AS `id` from `scenario`.`t`;

CREATE ALGORITHM=UNDEFINED DEFINER=`scenario_kept`@`%` SQL SECURITY DEFINER VIEW `scenario`.`v_kept` AS select `scenario`.`t`.`id` AS `id` from `scenario`.`t`;

CREATE DEFINER=`scenario_new`@`%` FUNCTION `f`() RETURNS int
    DETERMINISTIC
RETURN 1;

CREATE DEFINER=`scenario_new`@`%` PROCEDURE `p`()
    COMMENT 'DEFINER=`gone`@`nowhere`'
SELECT 'DEFINER=`gone`@`nowhere`';

CREATE DEFINER=`scenario_new`@`%` TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.id = NEW.id;

CREATE DEFINER=`scenario_new`@`%` EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '…' ON COMPLETION NOT PRESERVE DISABLE DO DELETE FROM t;


