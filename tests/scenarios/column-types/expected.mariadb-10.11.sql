CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `numbers` (
  `id` int NOT NULL,
  `c0` tinyint DEFAULT NULL,
  `c1` tinyint unsigned DEFAULT NULL,
  `c2` smallint DEFAULT NULL,
  `c3` smallint unsigned DEFAULT NULL,
  `c4` mediumint DEFAULT NULL,
  `c5` mediumint unsigned DEFAULT NULL,
  `c6` int DEFAULT NULL,
  `c7` int unsigned DEFAULT NULL,
  `c8` bigint DEFAULT NULL,
  `c9` bigint unsigned DEFAULT NULL,
  `c10` int(5) unsigned zerofill DEFAULT NULL,
  `c11` tinyint(1) DEFAULT NULL,
  `c12` decimal(65,30) DEFAULT NULL,
  `c13` decimal(5,0) unsigned DEFAULT NULL,
  `c14` decimal(10,2) DEFAULT NULL,
  `c15` float DEFAULT NULL,
  `c16` float(7,3) DEFAULT NULL,
  `c17` double DEFAULT NULL,
  `c18` double(20,5) unsigned DEFAULT NULL,
  `c19` bit(1) DEFAULT NULL,
  `c20` bit(64) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

CREATE TABLE `texts` (
  `id` int NOT NULL,
  `c0` char(0) DEFAULT NULL,
  `c1` char(255) DEFAULT NULL,
  `c2` varchar(5000) DEFAULT NULL,
  `c3` binary(5) DEFAULT NULL,
  `c4` varbinary(300) DEFAULT NULL,
  `c5` tinytext,
  `c6` text,
  `c7` mediumtext,
  `c8` longtext,
  `c9` tinyblob,
  `c10` blob,
  `c11` mediumblob,
  `c12` longblob,
  `c13` enum('a','it''s','','ü') DEFAULT NULL,
  `c14` set('a','b;','c') DEFAULT NULL,
  `c15` set('0','1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16','17','18','19','20','21','22','23','24','25','26','27','28','29','30','31','32','33','34','35','36','37','38','39','40','41','42','43','44','45','46','47','48','49','50','51','52','53','54','55','56','57','58','59','60','61','62','63') DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

CREATE TABLE `times` (
  `id` int NOT NULL,
  `c0` date DEFAULT NULL,
  `c1` time DEFAULT NULL,
  `c2` time(6) DEFAULT NULL,
  `c3` datetime DEFAULT NULL,
  `c4` datetime(6) DEFAULT NULL,
  `c5` timestamp NULL DEFAULT NULL,
  `c6` timestamp(6) NULL DEFAULT NULL,
  `c7` year DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;

-- numbers: id="1", c0="-128", c1="0", c2="-32768", c3="0", c4="-8388608", c5="0", c6="-2147483648", c7="0", c8="-9223372036854775808", c9="0", c10="00000", c11="0", c12="-99999999999999999999999999999999999.999999999999999999999999999999", c13="0", c14="-0.01", c15="-3.40282e38", c16="-9999.999", c17="-1.7976931348623157e308", c18="0.00000", c19=0x00, c20=0x0000000000000000
-- numbers: id="2", c0="127", c1="255", c2="32767", c3="65535", c4="8388607", c5="16777215", c6="2147483647", c7="4294967295", c8="9223372036854775807", c9="18446744073709551615", c10="00042", c11="1", c12="99999999999999999999999999999999999.999999999999999999999999999999", c13="99999", c14="0.01", c15="1.17549e-38", c16="0.001", c17="2.2250738585072014e-308", c18="100000000000000.00000", c19=0x01, c20=0xffffffffffffffff
-- numbers: id="3", c0=NULL, c1=NULL, c2=NULL, c3=NULL, c4=NULL, c5=NULL, c6=NULL, c7=NULL, c8=NULL, c9=NULL, c10=NULL, c11=NULL, c12=NULL, c13=NULL, c14=NULL, c15=NULL, c16=NULL, c17=NULL, c18=NULL, c19=NULL, c20=NULL
-- texts: id="1", c0="", c1="", c2=" ", c3=0x0000000000, c4="", c5="", c6="\n", c7="\\", c8="", c9="", c10="", c11="", c12="", c13="a", c14="", c15="0"
-- texts: id="2", c0=NULL, c1="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", c2=" é é é é é é é é é é é é é é é é é é é é é é é é é é é é é … (3000 bytes, SHA-256 e32e06a8faae76a9), c3=0x0061000000, c4=0x00fffe0a0d275c221a3b, c5="ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt", c6="ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt… (65535 bytes, SHA-256 77b0d267fe4c3e8b), c7="üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü… (140000 bytes, SHA-256 736c50f136081a68), c8="ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt… (100000 bytes, SHA-256 27441262476af24a), c9=0x000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, c10=0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffff… (65535 bytes, SHA-256 c810c1bb9815d632), c11="\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\… (70000 bytes, SHA-256 310580f18a390bca), c12="\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\… (100000 bytes, SHA-256 5cfa7b3f4554f288), c13="ü", c14="a,b;,c", c15="0,63"
-- texts: id="3", c0=NULL, c1=NULL, c2=NULL, c3=NULL, c4=NULL, c5=NULL, c6=NULL, c7=NULL, c8=NULL, c9=NULL, c10=NULL, c11=NULL, c12=NULL, c13=NULL, c14=NULL, c15=NULL
-- times: id="1", c0="1000-01-01", c1="-838:59:59", c2="-838:59:59.000000", c3="1000-01-01 00:00:00", c4="0000-00-00 00:00:00.000000", c5="1970-01-01 00:00:01", c6="1970-01-01 00:00:01.000000", c7="1901"
-- times: id="2", c0="9999-12-31", c1="838:59:59", c2="00:00:00.000001", c3="9999-12-31 23:59:59", c4="9999-12-31 23:59:59.999999", c5="2038-01-19 03:14:07", c6="2038-01-19 03:14:07.999999", c7="2155"
-- times: id="3", c0=NULL, c1=NULL, c2=NULL, c3=NULL, c4=NULL, c5=NULL, c6=NULL, c7=NULL
