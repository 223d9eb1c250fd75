CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET utf8mb3 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `$money` (
  `$a` int DEFAULT NULL,
  `b.c` int DEFAULT NULL,
  `d``e` int DEFAULT NULL,
  `f"g` int DEFAULT NULL,
  `h'i` int DEFAULT NULL,
  `j;k` int DEFAULT NULL,
  `l/*m` int DEFAULT NULL,
  `--n` int DEFAULT NULL,
  `ü ß€` int DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COMMENT='it''s `a` "comment";\n-- with\r\n/* everything */ \\ ?';

CREATE TABLE `1234` (
  `5` int DEFAULT NULL,
  `select` int DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

CREATE TABLE `fts_index` (
  `a	b` varchar(10) DEFAULT 'it''s; \\n' COMMENT 'it''s; \\ "x"',
  KEY `key;``'"` (`a	b`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COMMENT='line 1\nline 2';

CREATE TABLE `日本` (
  `語` int DEFAULT NULL COMMENT 'ÄÖ 語'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

-- $money: $a="1", b.c=NULL, d`e=NULL, f"g=NULL, h'i=NULL, j;k="2", l/*m=NULL, --n=NULL, ü ß€=NULL
-- 1234: 5="1", select="2"
-- fts_index: a	b="it's; \\n"
-- fts_index: a	b=0x000a0d5c27221a3b
-- 日本: 語="3"
