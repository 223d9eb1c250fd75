CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `g` (
  `p` point NOT NULL,
  `q` geometry NOT NULL,
  SPATIAL KEY `p` (`p`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `log` (
  `what` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `p` (
  `id` int DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY HASH (`id`)
PARTITIONS 2 */;

CREATE TABLE `t` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` varchar(20) DEFAULT NULL,
  `at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  KEY `at` (`at`),
  FULLTEXT KEY `a` (`a`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`base` AS select `scenario`.`t`.`id` AS `id`,`scenario`.`t`.`a` AS `a`,st_astext(`scenario`.`g`.`q`) AS `q` from (`scenario`.`t` join `scenario`.`g`);

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`top` AS select count(0) AS `n` from `scenario`.`base`;

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `f`(a INT) RETURNS varchar(20) CHARSET utf8mb4 COLLATE utf8mb4_general_ci
    DETERMINISTIC
BEGIN RETURN ST_AsText(POINT(a, a)); END;

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `tr` AFTER INSERT ON `t` FOR EACH ROW INSERT INTO log VALUES (CONCAT('in;sert ', NEW.a));

CREATE DEFINER=`root`@`127.0.0.1` EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '…' ON COMPLETION NOT PRESERVE DISABLE DO DELETE FROM log;

-- g: p=0x000000000101000000000000000000f03f0000000000000040, q=0xe6100000010100000000000000000014400000000000001840
-- log: what="in;sert b"
-- log: what="in;sert ä"
-- p: id="1"
-- p: id="2"
-- t: id="1", a=0xe4, at="2020-01-01 00:00:00"
-- t: id="2", a="b", at="2020-01-01 00:00:00"
