CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `child` (
  `id` int NOT NULL,
  `part` int DEFAULT NULL,
  `made` date DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `keyless` (
  `my_row_id` bigint unsigned NOT NULL AUTO_INCREMENT /*!80023 INVISIBLE */,
  `a` int DEFAULT NULL,
  PRIMARY KEY (`my_row_id`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=latin1;

CREATE TABLE `parts` (
  `id` int NOT NULL AUTO_INCREMENT,
  `made` date NOT NULL DEFAULT (curdate()),
  `name` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,
  `upper_name` varchar(50) GENERATED ALWAYS AS (upper(`name`)) STORED,
  `length_of` int GENERATED ALWAYS AS (char_length(`name`)) VIRTUAL,
  `secret` int DEFAULT '7' /*!80023 INVISIBLE */,
  `notes` text DEFAULT (concat(_utf8mb4'none',_utf8mb4' yet')),
  `tags` json DEFAULT (json_array()),
  `token` binary(16) DEFAULT (uuid_to_bin(uuid())),
  PRIMARY KEY (`id`,`made`),
  KEY `descending` (`made` DESC,`name`),
  KEY `unseen` (`name`) /*!80000 INVISIBLE */,
  KEY `functional` ((lower(`name`))),
  KEY `multi` ((cast(json_extract(`tags`,_utf8mb4'$[*]') as unsigned array))),
  CONSTRAINT `lax` CHECK ((char_length(`name`) < 3)) /*!80016 NOT ENFORCED */,
  CONSTRAINT `named_check` CHECK ((`made` > _utf8mb4'1900-01-01')),
  CONSTRAINT `parts_chk_1` CHECK ((`secret` <> 0))
) ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=latin1
/*!50100 PARTITION BY RANGE (year(`made`))
(PARTITION `old` VALUES LESS THAN (2000) ENGINE = InnoDB,
 PARTITION `new` VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;

CREATE TABLE `places` (
  `id` int NOT NULL,
  `g` point NOT NULL /*!80003 SRID 4326 */,
  `s` geometry DEFAULT NULL,
  PRIMARY KEY (`id`),
  SPATIAL KEY `g` (`g`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`from_json` AS select `p`.`id` AS `id`,`j`.`tag` AS `tag` from (`scenario`.`parts` `p` join json_table(`p`.`tags`, '$[*]' columns (`tag` varchar(20) character set utf8mb4 path '$')) `j`);

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`lateral_view` AS select `p`.`id` AS `id`,`x`.`n` AS `n` from (`scenario`.`parts` `p` join lateral (select count(0) AS `n` from `scenario`.`child` `c` where (`c`.`part` = `p`.`id`)) `x`);

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`windowed` AS select `scenario`.`parts`.`id` AS `id`,row_number() OVER (PARTITION BY `scenario`.`parts`.`made` ORDER BY `scenario`.`parts`.`id` desc )  AS `number` from `scenario`.`parts`;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`with_cte` AS with recursive `n` (`i`) as (select 1 AS `1` union all select (`n`.`i` + 1) AS `i + 1` from `n` where (`n`.`i` < 3)) select `n`.`i` AS `i` from `n`;

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `f`(a JSON) RETURNS json
    DETERMINISTIC
RETURN JSON_MERGE_PATCH(a, '{"x": 1}');

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `p`(OUT total INT)
BEGIN
  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN GET DIAGNOSTICS CONDITION 1 @message = MESSAGE_TEXT; END;
  SELECT COUNT(*) INTO total FROM parts FOR UPDATE SKIP LOCKED;
END;

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `first_one` BEFORE INSERT ON `child` FOR EACH ROW SET NEW.part = COALESCE(NEW.part, 1);

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `second_one` BEFORE INSERT ON `child` FOR EACH ROW SET NEW.made = CURRENT_DATE;

CREATE DEFINER=`root`@`127.0.0.1` EVENT `nightly` ON SCHEDULE EVERY 1 DAY STARTS '…' ON COMPLETION NOT PRESERVE DISABLE DO DELETE FROM child;

-- keyless: my_row_id="1", a="5"
-- keyless: my_row_id="2", a="5"
-- parts: id="1", made="1999-12-31", name="bolt", upper_name="BOLT", length_of="4", secret="1", notes="none yet", tags="[1, 2]", token=0x000102030405060708090a0b0c0d0e0f
-- parts: id="2", made="2020-02-29", name="nüt", upper_name=0x4edc54, length_of="3", secret="2", notes="a\nb", tags="{\"a\": true, \"b\": [1.5, null, \"é\\u0000\"]}", token=NULL
-- parts: id="3", made="2020-03-01", name=NULL, upper_name=NULL, length_of=NULL, secret="7", notes=NULL, tags=NULL, token=NULL
-- places: id="1", g=0xe610000001010000000000000000002740cdcccccccc0c4840, s=NULL
-- places: id="2", g=0xe610000001010000006666666666e662403333333333f340c0, s=0x0000000001020000000200000000000000000000000000000000000000000000000000f03f000000000000f03f
