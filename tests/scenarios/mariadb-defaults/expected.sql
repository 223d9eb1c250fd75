CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `one` (
  `id` int NOT NULL AUTO_INCREMENT,
  `token` varchar(36) COLLATE utf8mb4_general_ci DEFAULT (uuid()),
  `note` text COLLATE utf8mb4_general_ci DEFAULT (_utf8mb4'it\'s (a) note'),
  `bin` blob DEFAULT (_utf8mb4'b'),
  `sum` int DEFAULT ((1 + 2)),
  `at` datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `day` date DEFAULT (curdate()),
  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  `n` int DEFAULT NULL,
  `hidden` int DEFAULT '7' /*!80023 INVISIBLE */,
  `packed` varchar(1000) COLLATE utf8mb4_general_ci DEFAULT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `named` CHECK ((`n` < 99)),
  CONSTRAINT `one_chk_1` CHECK (json_valid(`j`)),
  CONSTRAINT `one_chk_2` CHECK ((`n` > 1)),
  CONSTRAINT `one_chk_3` CHECK ((`sum` < 100))
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE `three` (
  `a` int DEFAULT NULL,
  `b` int GENERATED ALWAYS AS ((`a` + 1)) VIRTUAL,
  `c` int GENERATED ALWAYS AS ((`a` * 2)) STORED,
  `d` varchar(20) COLLATE utf8mb4_general_ci GENERATED ALWAYS AS (concat(_utf8mb4'it\'s ',`a`)) STORED,
  KEY `c` (`c`),
  CONSTRAINT `three_chk_1` CHECK ((`a` > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE `two` (
  `a` int DEFAULT NULL,
  CONSTRAINT `two_chk_1` CHECK ((`a` > 0)),
  CONSTRAINT `two_chk_2` CHECK ((`a` < 100))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`v` AS select json_value(`scenario`.`one`.`j`, '$.a[1]' returning char(512)) AS `x`,`scenario`.`one`.`hidden` AS `hidden` from `scenario`.`one`;

-- one: id="1", token="a-b", note="x", bin="b", sum="3", at="2020-01-01 00:00:00.500", day="2020-01-01", j="{\"a\": [1, \"ü\"]}", n="5", hidden="7", packed="pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp"
-- three: a="1", b="2", c="2", d="it's 1"
-- three: a="2", b="3", c="4", d="it's 2"
-- two: a="1"
-- two: a=NULL
