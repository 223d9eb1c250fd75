CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET utf8mb3 COLLATE utf8mb3_general_mysql500_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t00` (
  `armscii8_bin` varchar(5) CHARACTER SET armscii8 COLLATE armscii8_bin DEFAULT NULL,
  `armscii8_general_ci` varchar(5) CHARACTER SET armscii8 COLLATE armscii8_general_ci DEFAULT NULL,
  `ascii_bin` varchar(5) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `ascii_general_ci` varchar(5) CHARACTER SET ascii COLLATE ascii_general_ci DEFAULT NULL,
  `big5_bin` varchar(5) CHARACTER SET big5 COLLATE big5_bin DEFAULT NULL,
  `big5_chinese_ci` varchar(5) CHARACTER SET big5 COLLATE big5_chinese_ci DEFAULT NULL,
  `cp1250_bin` varchar(5) CHARACTER SET cp1250 COLLATE cp1250_bin DEFAULT NULL,
  `cp1250_croatian_ci` varchar(5) CHARACTER SET cp1250 COLLATE cp1250_croatian_ci DEFAULT NULL,
  `cp1250_czech_cs` varchar(5) CHARACTER SET cp1250 COLLATE cp1250_czech_cs DEFAULT NULL,
  `cp1250_general_ci` varchar(5) CHARACTER SET cp1250 COLLATE cp1250_general_ci DEFAULT NULL,
  `cp1250_polish_ci` varchar(5) CHARACTER SET cp1250 COLLATE cp1250_polish_ci DEFAULT NULL,
  `cp1251_bin` varchar(5) CHARACTER SET cp1251 COLLATE cp1251_bin DEFAULT NULL,
  `cp1251_bulgarian_ci` varchar(5) CHARACTER SET cp1251 COLLATE cp1251_bulgarian_ci DEFAULT NULL,
  `cp1251_general_ci` varchar(5) CHARACTER SET cp1251 COLLATE cp1251_general_ci DEFAULT NULL,
  `cp1251_general_cs` varchar(5) CHARACTER SET cp1251 COLLATE cp1251_general_cs DEFAULT NULL,
  `cp1251_ukrainian_ci` varchar(5) CHARACTER SET cp1251 COLLATE cp1251_ukrainian_ci DEFAULT NULL,
  `cp1256_bin` varchar(5) CHARACTER SET cp1256 COLLATE cp1256_bin DEFAULT NULL,
  `cp1256_general_ci` varchar(5) CHARACTER SET cp1256 COLLATE cp1256_general_ci DEFAULT NULL,
  `cp1257_bin` varchar(5) CHARACTER SET cp1257 COLLATE cp1257_bin DEFAULT NULL,
  `cp1257_general_ci` varchar(5) CHARACTER SET cp1257 COLLATE cp1257_general_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=cp1257;

CREATE TABLE `t01` (
  `cp1257_lithuanian_ci` varchar(5) CHARACTER SET cp1257 COLLATE cp1257_lithuanian_ci DEFAULT NULL,
  `cp850_bin` varchar(5) CHARACTER SET cp850 COLLATE cp850_bin DEFAULT NULL,
  `cp850_general_ci` varchar(5) CHARACTER SET cp850 COLLATE cp850_general_ci DEFAULT NULL,
  `cp852_bin` varchar(5) CHARACTER SET cp852 COLLATE cp852_bin DEFAULT NULL,
  `cp852_general_ci` varchar(5) CHARACTER SET cp852 COLLATE cp852_general_ci DEFAULT NULL,
  `cp866_bin` varchar(5) CHARACTER SET cp866 COLLATE cp866_bin DEFAULT NULL,
  `cp866_general_ci` varchar(5) CHARACTER SET cp866 COLLATE cp866_general_ci DEFAULT NULL,
  `cp932_bin` varchar(5) CHARACTER SET cp932 COLLATE cp932_bin DEFAULT NULL,
  `cp932_japanese_ci` varchar(5) CHARACTER SET cp932 COLLATE cp932_japanese_ci DEFAULT NULL,
  `dec8_bin` varchar(5) CHARACTER SET dec8 COLLATE dec8_bin DEFAULT NULL,
  `dec8_swedish_ci` varchar(5) CHARACTER SET dec8 COLLATE dec8_swedish_ci DEFAULT NULL,
  `eucjpms_bin` varchar(5) CHARACTER SET eucjpms COLLATE eucjpms_bin DEFAULT NULL,
  `eucjpms_japanese_ci` varchar(5) CHARACTER SET eucjpms COLLATE eucjpms_japanese_ci DEFAULT NULL,
  `euckr_bin` varchar(5) CHARACTER SET euckr COLLATE euckr_bin DEFAULT NULL,
  `euckr_korean_ci` varchar(5) CHARACTER SET euckr COLLATE euckr_korean_ci DEFAULT NULL,
  `gb2312_bin` varchar(5) CHARACTER SET gb2312 COLLATE gb2312_bin DEFAULT NULL,
  `gb2312_chinese_ci` varchar(5) CHARACTER SET gb2312 COLLATE gb2312_chinese_ci DEFAULT NULL,
  `gbk_bin` varchar(5) CHARACTER SET gbk COLLATE gbk_bin DEFAULT NULL,
  `gbk_chinese_ci` varchar(5) CHARACTER SET gbk COLLATE gbk_chinese_ci DEFAULT NULL,
  `geostd8_bin` varchar(5) CHARACTER SET geostd8 COLLATE geostd8_bin DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=geostd8 COLLATE=geostd8_bin;

CREATE TABLE `t02` (
  `geostd8_general_ci` varchar(5) CHARACTER SET geostd8 COLLATE geostd8_general_ci DEFAULT NULL,
  `greek_bin` varchar(5) CHARACTER SET greek COLLATE greek_bin DEFAULT NULL,
  `greek_general_ci` varchar(5) CHARACTER SET greek COLLATE greek_general_ci DEFAULT NULL,
  `hebrew_bin` varchar(5) CHARACTER SET hebrew COLLATE hebrew_bin DEFAULT NULL,
  `hebrew_general_ci` varchar(5) CHARACTER SET hebrew COLLATE hebrew_general_ci DEFAULT NULL,
  `hp8_bin` varchar(5) CHARACTER SET hp8 COLLATE hp8_bin DEFAULT NULL,
  `hp8_english_ci` varchar(5) CHARACTER SET hp8 COLLATE hp8_english_ci DEFAULT NULL,
  `keybcs2_bin` varchar(5) CHARACTER SET keybcs2 COLLATE keybcs2_bin DEFAULT NULL,
  `keybcs2_general_ci` varchar(5) CHARACTER SET keybcs2 COLLATE keybcs2_general_ci DEFAULT NULL,
  `koi8r_bin` varchar(5) CHARACTER SET koi8r COLLATE koi8r_bin DEFAULT NULL,
  `koi8r_general_ci` varchar(5) CHARACTER SET koi8r COLLATE koi8r_general_ci DEFAULT NULL,
  `koi8u_bin` varchar(5) CHARACTER SET koi8u COLLATE koi8u_bin DEFAULT NULL,
  `koi8u_general_ci` varchar(5) CHARACTER SET koi8u COLLATE koi8u_general_ci DEFAULT NULL,
  `latin1_bin` varchar(5) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL,
  `latin1_danish_ci` varchar(5) CHARACTER SET latin1 COLLATE latin1_danish_ci DEFAULT NULL,
  `latin1_general_ci` varchar(5) CHARACTER SET latin1 COLLATE latin1_general_ci DEFAULT NULL,
  `latin1_general_cs` varchar(5) CHARACTER SET latin1 COLLATE latin1_general_cs DEFAULT NULL,
  `latin1_german1_ci` varchar(5) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT NULL,
  `latin1_german2_ci` varchar(5) CHARACTER SET latin1 COLLATE latin1_german2_ci DEFAULT NULL,
  `latin1_spanish_ci` varchar(5) CHARACTER SET latin1 COLLATE latin1_spanish_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_spanish_ci;

CREATE TABLE `t03` (
  `latin1_swedish_ci` varchar(5) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  `latin2_bin` varchar(5) CHARACTER SET latin2 COLLATE latin2_bin DEFAULT NULL,
  `latin2_croatian_ci` varchar(5) CHARACTER SET latin2 COLLATE latin2_croatian_ci DEFAULT NULL,
  `latin2_czech_cs` varchar(5) CHARACTER SET latin2 COLLATE latin2_czech_cs DEFAULT NULL,
  `latin2_general_ci` varchar(5) CHARACTER SET latin2 COLLATE latin2_general_ci DEFAULT NULL,
  `latin2_hungarian_ci` varchar(5) CHARACTER SET latin2 COLLATE latin2_hungarian_ci DEFAULT NULL,
  `latin5_bin` varchar(5) CHARACTER SET latin5 COLLATE latin5_bin DEFAULT NULL,
  `latin5_turkish_ci` varchar(5) CHARACTER SET latin5 COLLATE latin5_turkish_ci DEFAULT NULL,
  `latin7_bin` varchar(5) CHARACTER SET latin7 COLLATE latin7_bin DEFAULT NULL,
  `latin7_estonian_cs` varchar(5) CHARACTER SET latin7 COLLATE latin7_estonian_cs DEFAULT NULL,
  `latin7_general_ci` varchar(5) CHARACTER SET latin7 COLLATE latin7_general_ci DEFAULT NULL,
  `latin7_general_cs` varchar(5) CHARACTER SET latin7 COLLATE latin7_general_cs DEFAULT NULL,
  `macce_bin` varchar(5) CHARACTER SET macce COLLATE macce_bin DEFAULT NULL,
  `macce_general_ci` varchar(5) CHARACTER SET macce COLLATE macce_general_ci DEFAULT NULL,
  `macroman_bin` varchar(5) CHARACTER SET macroman COLLATE macroman_bin DEFAULT NULL,
  `macroman_general_ci` varchar(5) CHARACTER SET macroman COLLATE macroman_general_ci DEFAULT NULL,
  `sjis_bin` varchar(5) CHARACTER SET sjis COLLATE sjis_bin DEFAULT NULL,
  `sjis_japanese_ci` varchar(5) CHARACTER SET sjis COLLATE sjis_japanese_ci DEFAULT NULL,
  `swe7_bin` varchar(5) CHARACTER SET swe7 COLLATE swe7_bin DEFAULT NULL,
  `swe7_swedish_ci` varchar(5) CHARACTER SET swe7 COLLATE swe7_swedish_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=swe7;

CREATE TABLE `t04` (
  `tis620_bin` varchar(5) CHARACTER SET tis620 COLLATE tis620_bin DEFAULT NULL,
  `tis620_thai_ci` varchar(5) CHARACTER SET tis620 COLLATE tis620_thai_ci DEFAULT NULL,
  `ucs2_bin` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_bin DEFAULT NULL,
  `ucs2_croatian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_croatian_ci DEFAULT NULL,
  `ucs2_czech_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_czech_ci DEFAULT NULL,
  `ucs2_danish_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_danish_ci DEFAULT NULL,
  `ucs2_esperanto_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_esperanto_ci DEFAULT NULL,
  `ucs2_estonian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_estonian_ci DEFAULT NULL,
  `ucs2_general_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_general_ci DEFAULT NULL,
  `ucs2_general_mysql500_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_general_mysql500_ci DEFAULT NULL,
  `ucs2_german2_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_german2_ci DEFAULT NULL,
  `ucs2_hungarian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_hungarian_ci DEFAULT NULL,
  `ucs2_icelandic_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_icelandic_ci DEFAULT NULL,
  `ucs2_latvian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_latvian_ci DEFAULT NULL,
  `ucs2_lithuanian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_lithuanian_ci DEFAULT NULL,
  `ucs2_persian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_persian_ci DEFAULT NULL,
  `ucs2_polish_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_polish_ci DEFAULT NULL,
  `ucs2_romanian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_romanian_ci DEFAULT NULL,
  `ucs2_roman_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_roman_ci DEFAULT NULL,
  `ucs2_sinhala_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_sinhala_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ucs2 COLLATE=ucs2_sinhala_ci;

CREATE TABLE `t05` (
  `ucs2_slovak_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_slovak_ci DEFAULT NULL,
  `ucs2_slovenian_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_slovenian_ci DEFAULT NULL,
  `ucs2_spanish2_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_spanish2_ci DEFAULT NULL,
  `ucs2_spanish_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_spanish_ci DEFAULT NULL,
  `ucs2_swedish_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_swedish_ci DEFAULT NULL,
  `ucs2_turkish_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_turkish_ci DEFAULT NULL,
  `ucs2_unicode_520_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_unicode_520_ci DEFAULT NULL,
  `ucs2_unicode_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_unicode_ci DEFAULT NULL,
  `ucs2_vietnamese_ci` varchar(5) CHARACTER SET ucs2 COLLATE ucs2_vietnamese_ci DEFAULT NULL,
  `ujis_bin` varchar(5) CHARACTER SET ujis COLLATE ujis_bin DEFAULT NULL,
  `ujis_japanese_ci` varchar(5) CHARACTER SET ujis COLLATE ujis_japanese_ci DEFAULT NULL,
  `utf16_bin` varchar(5) CHARACTER SET utf16 COLLATE utf16_bin DEFAULT NULL,
  `utf16_croatian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_croatian_ci DEFAULT NULL,
  `utf16_czech_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_czech_ci DEFAULT NULL,
  `utf16_danish_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_danish_ci DEFAULT NULL,
  `utf16_esperanto_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_esperanto_ci DEFAULT NULL,
  `utf16_estonian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_estonian_ci DEFAULT NULL,
  `utf16_general_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_general_ci DEFAULT NULL,
  `utf16_german2_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_german2_ci DEFAULT NULL,
  `utf16_hungarian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_hungarian_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf16 COLLATE=utf16_hungarian_ci;

CREATE TABLE `t06` (
  `utf16_icelandic_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_icelandic_ci DEFAULT NULL,
  `utf16_latvian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_latvian_ci DEFAULT NULL,
  `utf16_lithuanian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_lithuanian_ci DEFAULT NULL,
  `utf16_persian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_persian_ci DEFAULT NULL,
  `utf16_polish_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_polish_ci DEFAULT NULL,
  `utf16_romanian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_romanian_ci DEFAULT NULL,
  `utf16_roman_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_roman_ci DEFAULT NULL,
  `utf16_sinhala_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_sinhala_ci DEFAULT NULL,
  `utf16_slovak_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_slovak_ci DEFAULT NULL,
  `utf16_slovenian_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_slovenian_ci DEFAULT NULL,
  `utf16_spanish2_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_spanish2_ci DEFAULT NULL,
  `utf16_spanish_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_spanish_ci DEFAULT NULL,
  `utf16_swedish_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_swedish_ci DEFAULT NULL,
  `utf16_turkish_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_turkish_ci DEFAULT NULL,
  `utf16_unicode_520_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_unicode_520_ci DEFAULT NULL,
  `utf16_unicode_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_unicode_ci DEFAULT NULL,
  `utf16_vietnamese_ci` varchar(5) CHARACTER SET utf16 COLLATE utf16_vietnamese_ci DEFAULT NULL,
  `utf16le_bin` varchar(5) CHARACTER SET utf16le COLLATE utf16le_bin DEFAULT NULL,
  `utf16le_general_ci` varchar(5) CHARACTER SET utf16le COLLATE utf16le_general_ci DEFAULT NULL,
  `utf32_bin` varchar(5) CHARACTER SET utf32 COLLATE utf32_bin DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf32 COLLATE=utf32_bin;

CREATE TABLE `t07` (
  `utf32_croatian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_croatian_ci DEFAULT NULL,
  `utf32_czech_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_czech_ci DEFAULT NULL,
  `utf32_danish_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_danish_ci DEFAULT NULL,
  `utf32_esperanto_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_esperanto_ci DEFAULT NULL,
  `utf32_estonian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_estonian_ci DEFAULT NULL,
  `utf32_general_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_general_ci DEFAULT NULL,
  `utf32_german2_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_german2_ci DEFAULT NULL,
  `utf32_hungarian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_hungarian_ci DEFAULT NULL,
  `utf32_icelandic_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_icelandic_ci DEFAULT NULL,
  `utf32_latvian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_latvian_ci DEFAULT NULL,
  `utf32_lithuanian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_lithuanian_ci DEFAULT NULL,
  `utf32_persian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_persian_ci DEFAULT NULL,
  `utf32_polish_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_polish_ci DEFAULT NULL,
  `utf32_romanian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_romanian_ci DEFAULT NULL,
  `utf32_roman_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_roman_ci DEFAULT NULL,
  `utf32_sinhala_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_sinhala_ci DEFAULT NULL,
  `utf32_slovak_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_slovak_ci DEFAULT NULL,
  `utf32_slovenian_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_slovenian_ci DEFAULT NULL,
  `utf32_spanish2_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_spanish2_ci DEFAULT NULL,
  `utf32_spanish_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_spanish_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf32 COLLATE=utf32_spanish_ci;

CREATE TABLE `t08` (
  `utf32_swedish_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_swedish_ci DEFAULT NULL,
  `utf32_turkish_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_turkish_ci DEFAULT NULL,
  `utf32_unicode_520_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_unicode_520_ci DEFAULT NULL,
  `utf32_unicode_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_unicode_ci DEFAULT NULL,
  `utf32_vietnamese_ci` varchar(5) CHARACTER SET utf32 COLLATE utf32_vietnamese_ci DEFAULT NULL,
  `utf8_bin` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin DEFAULT NULL,
  `utf8_croatian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_croatian_ci DEFAULT NULL,
  `utf8_czech_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_czech_ci DEFAULT NULL,
  `utf8_danish_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_danish_ci DEFAULT NULL,
  `utf8_esperanto_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_esperanto_ci DEFAULT NULL,
  `utf8_estonian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_estonian_ci DEFAULT NULL,
  `utf8_general_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci DEFAULT NULL,
  `utf8_general_mysql500_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_mysql500_ci DEFAULT NULL,
  `utf8_german2_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_german2_ci DEFAULT NULL,
  `utf8_hungarian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_hungarian_ci DEFAULT NULL,
  `utf8_icelandic_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_icelandic_ci DEFAULT NULL,
  `utf8_latvian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_latvian_ci DEFAULT NULL,
  `utf8_lithuanian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_lithuanian_ci DEFAULT NULL,
  `utf8_persian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_persian_ci DEFAULT NULL,
  `utf8_polish_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_polish_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_polish_ci;

CREATE TABLE `t09` (
  `utf8_romanian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_romanian_ci DEFAULT NULL,
  `utf8_roman_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_roman_ci DEFAULT NULL,
  `utf8_sinhala_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_sinhala_ci DEFAULT NULL,
  `utf8_slovak_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_slovak_ci DEFAULT NULL,
  `utf8_slovenian_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_slovenian_ci DEFAULT NULL,
  `utf8_spanish2_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_spanish2_ci DEFAULT NULL,
  `utf8_spanish_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_spanish_ci DEFAULT NULL,
  `utf8_swedish_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_swedish_ci DEFAULT NULL,
  `utf8_turkish_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_turkish_ci DEFAULT NULL,
  `utf8_unicode_520_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_520_ci DEFAULT NULL,
  `utf8_unicode_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `utf8_vietnamese_ci` varchar(5) CHARACTER SET utf8mb3 COLLATE utf8mb3_vietnamese_ci DEFAULT NULL,
  `utf8mb4_bin` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `utf8mb4_croatian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_croatian_ci DEFAULT NULL,
  `utf8mb4_czech_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_czech_ci DEFAULT NULL,
  `utf8mb4_danish_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_danish_ci DEFAULT NULL,
  `utf8mb4_esperanto_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_esperanto_ci DEFAULT NULL,
  `utf8mb4_estonian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_estonian_ci DEFAULT NULL,
  `utf8mb4_general_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT NULL,
  `utf8mb4_german2_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_german2_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_german2_ci;

CREATE TABLE `t10` (
  `utf8mb4_hungarian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_hungarian_ci DEFAULT NULL,
  `utf8mb4_icelandic_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_icelandic_ci DEFAULT NULL,
  `utf8mb4_latvian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_latvian_ci DEFAULT NULL,
  `utf8mb4_lithuanian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_lithuanian_ci DEFAULT NULL,
  `utf8mb4_persian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_persian_ci DEFAULT NULL,
  `utf8mb4_polish_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_polish_ci DEFAULT NULL,
  `utf8mb4_romanian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_romanian_ci DEFAULT NULL,
  `utf8mb4_roman_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_roman_ci DEFAULT NULL,
  `utf8mb4_sinhala_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_sinhala_ci DEFAULT NULL,
  `utf8mb4_slovak_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_slovak_ci DEFAULT NULL,
  `utf8mb4_slovenian_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_slovenian_ci DEFAULT NULL,
  `utf8mb4_spanish2_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_spanish2_ci DEFAULT NULL,
  `utf8mb4_spanish_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_spanish_ci DEFAULT NULL,
  `utf8mb4_swedish_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_swedish_ci DEFAULT NULL,
  `utf8mb4_turkish_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_turkish_ci DEFAULT NULL,
  `utf8mb4_unicode_520_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci DEFAULT NULL,
  `utf8mb4_unicode_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci DEFAULT NULL,
  `utf8mb4_vietnamese_ci` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_vietnamese_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_vietnamese_ci;

-- t00: armscii8_bin="aB", armscii8_general_ci="aB", ascii_bin="aB", ascii_general_ci="aB", big5_bin="aB", big5_chinese_ci="aB", cp1250_bin="aB", cp1250_croatian_ci="aB", cp1250_czech_cs="aB", cp1250_general_ci="aB", cp1250_polish_ci="aB", cp1251_bin="aB", cp1251_bulgarian_ci="aB", cp1251_general_ci="aB", cp1251_general_cs="aB", cp1251_ukrainian_ci="aB", cp1256_bin="aB", cp1256_general_ci="aB", cp1257_bin="aB", cp1257_general_ci="aB"
-- t01: cp1257_lithuanian_ci="aB", cp850_bin="aB", cp850_general_ci="aB", cp852_bin="aB", cp852_general_ci="aB", cp866_bin="aB", cp866_general_ci="aB", cp932_bin="aB", cp932_japanese_ci="aB", dec8_bin="aB", dec8_swedish_ci="aB", eucjpms_bin="aB", eucjpms_japanese_ci="aB", euckr_bin="aB", euckr_korean_ci="aB", gb2312_bin="aB", gb2312_chinese_ci="aB", gbk_bin="aB", gbk_chinese_ci="aB", geostd8_bin="aB"
-- t02: geostd8_general_ci="aB", greek_bin="aB", greek_general_ci="aB", hebrew_bin="aB", hebrew_general_ci="aB", hp8_bin="aB", hp8_english_ci="aB", keybcs2_bin="aB", keybcs2_general_ci="aB", koi8r_bin="aB", koi8r_general_ci="aB", koi8u_bin="aB", koi8u_general_ci="aB", latin1_bin="aB", latin1_danish_ci="aB", latin1_general_ci="aB", latin1_general_cs="aB", latin1_german1_ci="aB", latin1_german2_ci="aB", latin1_spanish_ci="aB"
-- t03: latin1_swedish_ci="aB", latin2_bin="aB", latin2_croatian_ci="aB", latin2_czech_cs="aB", latin2_general_ci="aB", latin2_hungarian_ci="aB", latin5_bin="aB", latin5_turkish_ci="aB", latin7_bin="aB", latin7_estonian_cs="aB", latin7_general_ci="aB", latin7_general_cs="aB", macce_bin="aB", macce_general_ci="aB", macroman_bin="aB", macroman_general_ci="aB", sjis_bin="aB", sjis_japanese_ci="aB", swe7_bin="aB", swe7_swedish_ci="aB"
-- t04: tis620_bin="aB", tis620_thai_ci="aB", ucs2_bin=0x00610042, ucs2_croatian_ci=0x00610042, ucs2_czech_ci=0x00610042, ucs2_danish_ci=0x00610042, ucs2_esperanto_ci=0x00610042, ucs2_estonian_ci=0x00610042, ucs2_general_ci=0x00610042, ucs2_general_mysql500_ci=0x00610042, ucs2_german2_ci=0x00610042, ucs2_hungarian_ci=0x00610042, ucs2_icelandic_ci=0x00610042, ucs2_latvian_ci=0x00610042, ucs2_lithuanian_ci=0x00610042, ucs2_persian_ci=0x00610042, ucs2_polish_ci=0x00610042, ucs2_romanian_ci=0x00610042, ucs2_roman_ci=0x00610042, ucs2_sinhala_ci=0x00610042
-- t05: ucs2_slovak_ci=0x00610042, ucs2_slovenian_ci=0x00610042, ucs2_spanish2_ci=0x00610042, ucs2_spanish_ci=0x00610042, ucs2_swedish_ci=0x00610042, ucs2_turkish_ci=0x00610042, ucs2_unicode_520_ci=0x00610042, ucs2_unicode_ci=0x00610042, ucs2_vietnamese_ci=0x00610042, ujis_bin="aB", ujis_japanese_ci="aB", utf16_bin=0x00610042, utf16_croatian_ci=0x00610042, utf16_czech_ci=0x00610042, utf16_danish_ci=0x00610042, utf16_esperanto_ci=0x00610042, utf16_estonian_ci=0x00610042, utf16_general_ci=0x00610042, utf16_german2_ci=0x00610042, utf16_hungarian_ci=0x00610042
-- t06: utf16_icelandic_ci=0x00610042, utf16_latvian_ci=0x00610042, utf16_lithuanian_ci=0x00610042, utf16_persian_ci=0x00610042, utf16_polish_ci=0x00610042, utf16_romanian_ci=0x00610042, utf16_roman_ci=0x00610042, utf16_sinhala_ci=0x00610042, utf16_slovak_ci=0x00610042, utf16_slovenian_ci=0x00610042, utf16_spanish2_ci=0x00610042, utf16_spanish_ci=0x00610042, utf16_swedish_ci=0x00610042, utf16_turkish_ci=0x00610042, utf16_unicode_520_ci=0x00610042, utf16_unicode_ci=0x00610042, utf16_vietnamese_ci=0x00610042, utf16le_bin=0x61004200, utf16le_general_ci=0x61004200, utf32_bin=0x0000006100000042
-- t07: utf32_croatian_ci=0x0000006100000042, utf32_czech_ci=0x0000006100000042, utf32_danish_ci=0x0000006100000042, utf32_esperanto_ci=0x0000006100000042, utf32_estonian_ci=0x0000006100000042, utf32_general_ci=0x0000006100000042, utf32_german2_ci=0x0000006100000042, utf32_hungarian_ci=0x0000006100000042, utf32_icelandic_ci=0x0000006100000042, utf32_latvian_ci=0x0000006100000042, utf32_lithuanian_ci=0x0000006100000042, utf32_persian_ci=0x0000006100000042, utf32_polish_ci=0x0000006100000042, utf32_romanian_ci=0x0000006100000042, utf32_roman_ci=0x0000006100000042, utf32_sinhala_ci=0x0000006100000042, utf32_slovak_ci=0x0000006100000042, utf32_slovenian_ci=0x0000006100000042, utf32_spanish2_ci=0x0000006100000042, utf32_spanish_ci=0x0000006100000042
-- t08: utf32_swedish_ci=0x0000006100000042, utf32_turkish_ci=0x0000006100000042, utf32_unicode_520_ci=0x0000006100000042, utf32_unicode_ci=0x0000006100000042, utf32_vietnamese_ci=0x0000006100000042, utf8_bin="aB", utf8_croatian_ci="aB", utf8_czech_ci="aB", utf8_danish_ci="aB", utf8_esperanto_ci="aB", utf8_estonian_ci="aB", utf8_general_ci="aB", utf8_general_mysql500_ci="aB", utf8_german2_ci="aB", utf8_hungarian_ci="aB", utf8_icelandic_ci="aB", utf8_latvian_ci="aB", utf8_lithuanian_ci="aB", utf8_persian_ci="aB", utf8_polish_ci="aB"
-- t09: utf8_romanian_ci="aB", utf8_roman_ci="aB", utf8_sinhala_ci="aB", utf8_slovak_ci="aB", utf8_slovenian_ci="aB", utf8_spanish2_ci="aB", utf8_spanish_ci="aB", utf8_swedish_ci="aB", utf8_turkish_ci="aB", utf8_unicode_520_ci="aB", utf8_unicode_ci="aB", utf8_vietnamese_ci="aB", utf8mb4_bin="aB", utf8mb4_croatian_ci="aB", utf8mb4_czech_ci="aB", utf8mb4_danish_ci="aB", utf8mb4_esperanto_ci="aB", utf8mb4_estonian_ci="aB", utf8mb4_general_ci="aB", utf8mb4_german2_ci="aB"
-- t10: utf8mb4_hungarian_ci="aB", utf8mb4_icelandic_ci="aB", utf8mb4_latvian_ci="aB", utf8mb4_lithuanian_ci="aB", utf8mb4_persian_ci="aB", utf8mb4_polish_ci="aB", utf8mb4_romanian_ci="aB", utf8mb4_roman_ci="aB", utf8mb4_sinhala_ci="aB", utf8mb4_slovak_ci="aB", utf8mb4_slovenian_ci="aB", utf8mb4_spanish2_ci="aB", utf8mb4_spanish_ci="aB", utf8mb4_swedish_ci="aB", utf8mb4_turkish_ci="aB", utf8mb4_unicode_520_ci="aB", utf8mb4_unicode_ci="aB", utf8mb4_vietnamese_ci="aB"
