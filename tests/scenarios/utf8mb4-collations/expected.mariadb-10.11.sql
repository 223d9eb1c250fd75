CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `by_column` (
  `a` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT 'x',
  `b` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `by_default` (
  `a` varchar(20) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `b` varchar(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci DEFAULT NULL,
  `c` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci DEFAULT NULL,
  UNIQUE KEY `a` (`a`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `f`(a VARCHAR(20) CHARSET utf8mb4 COLLATE utf8mb4_general_ci) RETURNS varchar(20) CHARSET utf8mb4 COLLATE utf8mb4_general_ci
    DETERMINISTIC
RETURN CONVERT(a USING utf8mb4);

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `p`()
BEGIN DECLARE x VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT 'a'; SELECT CAST(x AS CHAR CHARACTER SET utf8mb4); END;

-- by_column: a="ﬀ", b="🚢"
-- by_default: a="strasse ", b="ß", c="Ä"
-- by_default: a="straße", b="ß", c="ä"
-- by_default: a="😀", b="x", c="😀"
