CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `forms` (
  `id` int NOT NULL,
  `b` datetime DEFAULT NULL,
  `s` varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  `m` varchar(20) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `doc` json DEFAULT NULL,
  `is_nothing` int GENERATED ALWAYS AS ((`b` is null)) VIRTUAL,
  `both_of_them` int GENERATED ALWAYS AS (((0 <> `id`) and ('0000-00-00 00:00:00' <> `b`))) VIRTUAL,
  `not_there` int GENERATED ALWAYS AS ((0 = `id`)) VIRTUAL,
  `matches` int GENERATED ALWAYS AS (regexp_like(`s`,_latin1'^a\\.b')) VIRTUAL,
  `entries` int GENERATED ALWAYS AS (json_length(json_extract(`doc`,_utf8mb4'$.a'))) STORED,
  `part` varchar(20) COLLATE utf8mb4_general_ci GENERATED ALWAYS AS (json_unquote(json_extract(`doc`,_utf8mb4'$.b'))) VIRTUAL,
  `recent` int GENERATED ALWAYS AS ((`b` > DATE'2014-01-01')) VIRTUAL,
  `no_introducer` varchar(40) COLLATE utf8mb4_general_ci GENERATED ALWAYS AS (concat(`s`,_latin1'x _bar\'s y')) VIRTUAL,
  `introduced` varchar(40) COLLATE utf8mb4_general_ci GENERATED ALWAYS AS (concat(`m`,_utf8mb4'é',_utf8mb4'y')) STORED,
  `umlauts` varchar(40) COLLATE utf8mb4_general_ci GENERATED ALWAYS AS (concat(`m`,_utf8mb4'üé',_utf8mb4'????')) VIRTUAL,
  `converted` varchar(20) COLLATE utf8mb4_general_ci GENERATED ALWAYS AS (convert(`s` using utf8mb3)) VIRTUAL,
  `next_day` datetime GENERATED ALWAYS AS ((`b` + interval 1 day)) STORED,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- forms: id="0", b=NULL, s=NULL, m=NULL, doc=NULL, is_nothing="1", both_of_them="0", not_there="1", matches=NULL, entries=NULL, part=NULL, recent=NULL, no_introducer=NULL, introduced=NULL, umlauts=NULL, converted=NULL, next_day=NULL
-- forms: id="1", b="2020-02-28 10:00:00", s="a.b", m="m", doc="{\"a\": [1, 2], \"b\": \"x\"}", is_nothing="0", both_of_them="1", not_there="0", matches="1", entries="2", part="x", recent="1", no_introducer="a.bx _bar's y", introduced="méy", umlauts="müé🐬", converted="a.b", next_day="2020-02-29 10:00:00"
