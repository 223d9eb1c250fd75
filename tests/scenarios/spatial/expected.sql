CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `places` (
  `id` int NOT NULL,
  `g` geometry NOT NULL,
  `p` point DEFAULT NULL,
  `l` linestring DEFAULT NULL,
  `a` polygon DEFAULT NULL,
  `c` geomcollection DEFAULT NULL,
  PRIMARY KEY (`id`),
  SPATIAL KEY `g` (`g`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`made` AS select st_geometryfromtext('POINT(1 1)') AS `p`,st_geometryfromtext('LINESTRING(0 0,1 1)') AS `l`,st_geometryfromtext('POLYGON((0 0,4 0,4 4,0 0))') AS `a`,st_geometryfromwkb(st_aswkb(`scenario`.`places`.`g`)) AS `g` from `scenario`.`places`;

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`related` AS select `a`.`id` AS `id` from (`scenario`.`places` `a` join `scenario`.`places` `b` on((mbrcontains(`a`.`g`,`b`.`g`) or mbrwithin(`a`.`g`,`b`.`g`) or mbrintersects(`a`.`g`,`b`.`g`) or mbrdisjoint(`a`.`g`,`b`.`g`) or mbroverlaps(`a`.`g`,`b`.`g`) or st_touches(`a`.`g`,`b`.`g`) or st_crosses(`a`.`g`,`b`.`g`))));

CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`127.0.0.1` SQL SECURITY DEFINER VIEW `scenario`.`texts` AS select `scenario`.`places`.`id` AS `id`,st_astext(`scenario`.`places`.`g`) AS `g`,st_x(`scenario`.`places`.`p`) AS `x`,st_y(`scenario`.`places`.`p`) AS `y`,st_length(`scenario`.`places`.`l`) AS `l`,st_area(`scenario`.`places`.`a`) AS `a`,st_srid(`scenario`.`places`.`g`) AS `s`,st_geometrytype(`scenario`.`places`.`g`) AS `t`,st_numgeometries(`scenario`.`places`.`c`) AS `n` from `scenario`.`places`;

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `alike`(a GEOMETRY, b GEOMETRY) RETURNS int
    DETERMINISTIC
RETURN MBREquals(a, b) AND MBREquals(a, b);

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `described`(g GEOMETRY) RETURNS text CHARSET latin1
    DETERMINISTIC
RETURN CONCAT('AsText(g): ', ST_AsText(g) /* AsText */ , ST_X(ST_Centroid(ST_Envelope(g))));

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `tr` BEFORE INSERT ON `places` FOR EACH ROW SET NEW.p = ST_StartPoint(NEW.l);

-- places: id="1", g=0x000000000101000000000000000000f03f0000000000000040, p=0x000000000101000000000000000000f03f0000000000000040, l=0x0000000001020000000200000000000000000000000000000000000000000000000000f03f000000000000f03f, a=0x00000000010300000001000000050000000000000000000000000000000000000000000000000010400000000000000000000000000000104000000000000010400000000000000000000000000000104000000000000000000000000000000000, c=0x000000000107000000020000000101000000000000000000f03f000000000000f03f01020000000200000000000000000000000000000000000000000000000000f03f000000000000f03f
-- places: id="2", g=0xe61000000101000000cdcccccccccc2a400000000000404a40, p=0xe61000000101000000000000000040654000000000004056c0, l=NULL, a=NULL, c=NULL
-- places: id="3", g=0x0f2700000104000000020000000101000000000000000000000000000000000000000101000000000000000000f03f000000000000f03f, p=NULL, l=NULL, a=NULL, c=NULL
