CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `by_bytes` (
  `b` binary(3) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50500 PARTITION BY RANGE  COLUMNS(b)
(PARTITION a VALUES LESS THAN (_binary 0x61) ENGINE = InnoDB,
 PARTITION f VALUES LESS THAN (_binary 0xFF27) ENGINE = InnoDB,
 PARTITION z VALUES LESS THAN (MAXVALUE) ENGINE = InnoDB) */;

CREATE TABLE `by_remainder` (
  `id` int NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY HASH ((`id` % 7))
PARTITIONS 2 */;

CREATE TABLE `bytes` (
  `id` int NOT NULL,
  `text_and_nul` varbinary(6) DEFAULT 'a\0b',
  `padded` binary(4) DEFAULT 'a\0B\0',
  `no_text` varbinary(4) DEFAULT 0xFF80,
  `digits` varbinary(6) DEFAULT '0x41',
  `nothing` varbinary(6) NOT NULL DEFAULT '',
  `member` enum('a','b') CHARACTER SET binary COLLATE binary DEFAULT 'a',
  `members` set('x','y') CHARACTER SET binary COLLATE binary DEFAULT 'x,y',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- by_bytes: b=0x400000
-- by_bytes: b=0x616200
-- by_bytes: b=0xff2800
-- by_remainder: id="1"
-- by_remainder: id="2"
-- by_remainder: id="9"
-- bytes: id="1", text_and_nul=0x610062, padded=0x61004200, no_text=0xff80, digits="0x41", nothing="", member="a", members="x,y"
