CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `by_columns` (
  `a` int DEFAULT NULL,
  `b` varchar(10) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50500 PARTITION BY RANGE  COLUMNS(a,b)
(PARTITION low VALUES LESS THAN (10,'m') ENGINE = InnoDB,
 PARTITION high VALUES LESS THAN (MAXVALUE,MAXVALUE) ENGINE = InnoDB) */;

CREATE TABLE `by_hash` (
  `id` int NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY LINEAR HASH (`id`)
PARTITIONS 3 */;

CREATE TABLE `by_key` (
  `code` char(2) NOT NULL,
  PRIMARY KEY (`code`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY KEY ()
PARTITIONS 2 */;

CREATE TABLE `by_list` (
  `id` int NOT NULL,
  `region` int NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY LIST (`region`)
(PARTITION north VALUES IN (NULL,1,2) ENGINE = InnoDB,
 PARTITION south VALUES IN (3) ENGINE = InnoDB) */;

CREATE TABLE `by_range` (
  `id` int NOT NULL,
  `at` date NOT NULL,
  PRIMARY KEY (`id`,`at`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY RANGE (year(`at`))
(PARTITION before_2000 VALUES LESS THAN (2000) COMMENT = 'ENGINE = MyISAM' ENGINE = InnoDB,
 PARTITION later VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;

CREATE TABLE `nested` (
  `id` int NOT NULL,
  `at` date NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY RANGE (to_days(`at`))
SUBPARTITION BY HASH (`id`)
SUBPARTITIONS 2
(PARTITION p0 VALUES LESS THAN (730000) ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;

-- by_columns: a="10", b="a"
-- by_columns: a="10", b="z"
-- by_columns: a=NULL, b=NULL
-- by_hash: id="1"
-- by_hash: id="2"
-- by_hash: id="3"
-- by_hash: id="4"
-- by_key: code="aa"
-- by_key: code="zz"
-- by_list: id="1", region="1"
-- by_list: id="2", region="3"
-- by_range: id="1", at="1999-12-31"
-- by_range: id="2", at="2000-01-01"
-- nested: id="1", at="1990-01-01"
-- nested: id="2", at="2020-01-01"
