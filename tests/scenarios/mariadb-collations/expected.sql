CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `a` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,
  `b` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin DEFAULT NULL,
  `c` varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  KEY `a` (`a`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`v` AS select (`scenario`.`t`.`a` collate utf8mb4_0900_as_ci) AS `a` from `scenario`.`t`;

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `p`(IN x VARCHAR(9) CHARSET utf8mb4 COLLATE utf8mb4_0900_as_cs)
SELECT x COLLATE utf8mb4_0900_ai_ci;

-- t: a="ß", b="b ", c="c"
