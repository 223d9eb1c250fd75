CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `name` varchar(40) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`ferry`@`%` SQL SECURITY DEFINER VIEW `scenario`.`v` AS select `scenario`.`t`.`id` AS `id`,`scenario`.`uuid_to_bin`(`scenario`.`t`.`name`) AS `b`,`scenario`.`is_uuid`(`scenario`.`uuid_to_bin`(`scenario`.`t`.`name`)) AS `u`,`rank`(`scenario`.`t`.`id`) AS `r`,`plain`(`scenario`.`t`.`id`) AS `p`,'uuid_to_bin(x)' AS `text`,(`scenario`.`t`.`name` is null) AS `n` from `scenario`.`t`;

CREATE DEFINER=`ferry`@`%` FUNCTION `is_uuid`(x VARCHAR(40)) RETURNS int
    DETERMINISTIC
RETURN 7;

CREATE DEFINER=`ferry`@`%` FUNCTION `plain`(x INT) RETURNS int
    DETERMINISTIC
RETURN x + 1;

CREATE DEFINER=`ferry`@`%` FUNCTION `rank`(x INT) RETURNS int
    DETERMINISTIC
RETURN x * 10;

CREATE DEFINER=`ferry`@`%` FUNCTION `uuid_to_bin`(x VARCHAR(40)) RETURNS varchar(50) CHARSET latin1
    DETERMINISTIC
RETURN CONCAT('own ', x);

CREATE DEFINER=`ferry`@`%` PROCEDURE `p`()
SELECT uuid_to_bin(name), plain(id) FROM t;

-- t: id="1", name="6ccd780c-baba-1026-9564-5b8c656024db"
-- t: id="2", name="amy"
