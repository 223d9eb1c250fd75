CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int NOT NULL,
  `b` longblob,
  `t` longtext,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

-- t: id="1", b=0x00ff0a5c2700ff0a5c2700ff0a5c2700ff0a5c2700ff0a5c2700ff0a5c… (6000000 bytes, SHA-256 281522b57573cdb1), t="a'\na'\na'\na'\na'\na'\na'\na'\na'\na'\na'\na'\na'\na'\na'\… (3000 bytes, SHA-256 41a62cb488065795)
-- t: id="2", b="", t=NULL
