CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `of_latin1` (
  `a` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,
  `b` text
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `t` (
  `a` varchar(20) DEFAULT NULL,
  `b` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT NULL,
  `c` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_ja_0900_as_cs DEFAULT NULL,
  `d` varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  UNIQUE KEY `a` (`a`),
  UNIQUE KEY `b` (`b`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`v` AS select `scenario`.`t`.`a` AS `a`,concat(`scenario`.`t`.`a`,'é') AS `e`,cast(`scenario`.`t`.`d` as char charset utf8mb4) AS `d` from `scenario`.`t`;

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `f`(p VARCHAR(20) CHARSET utf8mb4) RETURNS varchar(20) CHARSET utf8mb4
    DETERMINISTIC
RETURN p;

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `g`(p VARCHAR(20)) RETURNS varchar(20) CHARSET utf8mb4
    DETERMINISTIC
RETURN CONCAT(p, 'é');

-- of_latin1: a="😀", b=0xe9
-- t: a="è ", b="z", c="か", d=0xea
-- t: a="é", b="ß", c="が", d=0xe9
