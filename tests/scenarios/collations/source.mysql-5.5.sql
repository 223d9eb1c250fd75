-- Every collation of MySQL 5.6, on a column and as a default.
CREATE TABLE t00 (
  `armscii8_bin` VARCHAR(5) CHARACTER SET armscii8 COLLATE armscii8_bin,
  `armscii8_general_ci` VARCHAR(5) CHARACTER SET armscii8 COLLATE armscii8_general_ci,
  `ascii_bin` VARCHAR(5) CHARACTER SET ascii COLLATE ascii_bin,
  `ascii_general_ci` VARCHAR(5) CHARACTER SET ascii COLLATE ascii_general_ci,
  `big5_bin` VARCHAR(5) CHARACTER SET big5 COLLATE big5_bin,
  `big5_chinese_ci` VARCHAR(5) CHARACTER SET big5 COLLATE big5_chinese_ci,
  `cp1250_bin` VARCHAR(5) CHARACTER SET cp1250 COLLATE cp1250_bin,
  `cp1250_croatian_ci` VARCHAR(5) CHARACTER SET cp1250 COLLATE cp1250_croatian_ci,
  `cp1250_czech_cs` VARCHAR(5) CHARACTER SET cp1250 COLLATE cp1250_czech_cs,
  `cp1250_general_ci` VARCHAR(5) CHARACTER SET cp1250 COLLATE cp1250_general_ci,
  `cp1250_polish_ci` VARCHAR(5) CHARACTER SET cp1250 COLLATE cp1250_polish_ci,
  `cp1251_bin` VARCHAR(5) CHARACTER SET cp1251 COLLATE cp1251_bin,
  `cp1251_bulgarian_ci` VARCHAR(5) CHARACTER SET cp1251 COLLATE cp1251_bulgarian_ci,
  `cp1251_general_ci` VARCHAR(5) CHARACTER SET cp1251 COLLATE cp1251_general_ci,
  `cp1251_general_cs` VARCHAR(5) CHARACTER SET cp1251 COLLATE cp1251_general_cs,
  `cp1251_ukrainian_ci` VARCHAR(5) CHARACTER SET cp1251 COLLATE cp1251_ukrainian_ci,
  `cp1256_bin` VARCHAR(5) CHARACTER SET cp1256 COLLATE cp1256_bin,
  `cp1256_general_ci` VARCHAR(5) CHARACTER SET cp1256 COLLATE cp1256_general_ci,
  `cp1257_bin` VARCHAR(5) CHARACTER SET cp1257 COLLATE cp1257_bin,
  `cp1257_general_ci` VARCHAR(5) CHARACTER SET cp1257 COLLATE cp1257_general_ci
) DEFAULT CHARSET=cp1257 COLLATE=cp1257_general_ci;
INSERT INTO t00 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t01 (
  `cp1257_lithuanian_ci` VARCHAR(5) CHARACTER SET cp1257 COLLATE cp1257_lithuanian_ci,
  `cp850_bin` VARCHAR(5) CHARACTER SET cp850 COLLATE cp850_bin,
  `cp850_general_ci` VARCHAR(5) CHARACTER SET cp850 COLLATE cp850_general_ci,
  `cp852_bin` VARCHAR(5) CHARACTER SET cp852 COLLATE cp852_bin,
  `cp852_general_ci` VARCHAR(5) CHARACTER SET cp852 COLLATE cp852_general_ci,
  `cp866_bin` VARCHAR(5) CHARACTER SET cp866 COLLATE cp866_bin,
  `cp866_general_ci` VARCHAR(5) CHARACTER SET cp866 COLLATE cp866_general_ci,
  `cp932_bin` VARCHAR(5) CHARACTER SET cp932 COLLATE cp932_bin,
  `cp932_japanese_ci` VARCHAR(5) CHARACTER SET cp932 COLLATE cp932_japanese_ci,
  `dec8_bin` VARCHAR(5) CHARACTER SET dec8 COLLATE dec8_bin,
  `dec8_swedish_ci` VARCHAR(5) CHARACTER SET dec8 COLLATE dec8_swedish_ci,
  `eucjpms_bin` VARCHAR(5) CHARACTER SET eucjpms COLLATE eucjpms_bin,
  `eucjpms_japanese_ci` VARCHAR(5) CHARACTER SET eucjpms COLLATE eucjpms_japanese_ci,
  `euckr_bin` VARCHAR(5) CHARACTER SET euckr COLLATE euckr_bin,
  `euckr_korean_ci` VARCHAR(5) CHARACTER SET euckr COLLATE euckr_korean_ci,
  `gb2312_bin` VARCHAR(5) CHARACTER SET gb2312 COLLATE gb2312_bin,
  `gb2312_chinese_ci` VARCHAR(5) CHARACTER SET gb2312 COLLATE gb2312_chinese_ci,
  `gbk_bin` VARCHAR(5) CHARACTER SET gbk COLLATE gbk_bin,
  `gbk_chinese_ci` VARCHAR(5) CHARACTER SET gbk COLLATE gbk_chinese_ci,
  `geostd8_bin` VARCHAR(5) CHARACTER SET geostd8 COLLATE geostd8_bin
) DEFAULT CHARSET=geostd8 COLLATE=geostd8_bin;
INSERT INTO t01 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t02 (
  `geostd8_general_ci` VARCHAR(5) CHARACTER SET geostd8 COLLATE geostd8_general_ci,
  `greek_bin` VARCHAR(5) CHARACTER SET greek COLLATE greek_bin,
  `greek_general_ci` VARCHAR(5) CHARACTER SET greek COLLATE greek_general_ci,
  `hebrew_bin` VARCHAR(5) CHARACTER SET hebrew COLLATE hebrew_bin,
  `hebrew_general_ci` VARCHAR(5) CHARACTER SET hebrew COLLATE hebrew_general_ci,
  `hp8_bin` VARCHAR(5) CHARACTER SET hp8 COLLATE hp8_bin,
  `hp8_english_ci` VARCHAR(5) CHARACTER SET hp8 COLLATE hp8_english_ci,
  `keybcs2_bin` VARCHAR(5) CHARACTER SET keybcs2 COLLATE keybcs2_bin,
  `keybcs2_general_ci` VARCHAR(5) CHARACTER SET keybcs2 COLLATE keybcs2_general_ci,
  `koi8r_bin` VARCHAR(5) CHARACTER SET koi8r COLLATE koi8r_bin,
  `koi8r_general_ci` VARCHAR(5) CHARACTER SET koi8r COLLATE koi8r_general_ci,
  `koi8u_bin` VARCHAR(5) CHARACTER SET koi8u COLLATE koi8u_bin,
  `koi8u_general_ci` VARCHAR(5) CHARACTER SET koi8u COLLATE koi8u_general_ci,
  `latin1_bin` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_bin,
  `latin1_danish_ci` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_danish_ci,
  `latin1_general_ci` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_general_ci,
  `latin1_general_cs` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_general_cs,
  `latin1_german1_ci` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_german1_ci,
  `latin1_german2_ci` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_german2_ci,
  `latin1_spanish_ci` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_spanish_ci
) DEFAULT CHARSET=latin1 COLLATE=latin1_spanish_ci;
INSERT INTO t02 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t03 (
  `latin1_swedish_ci` VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_swedish_ci,
  `latin2_bin` VARCHAR(5) CHARACTER SET latin2 COLLATE latin2_bin,
  `latin2_croatian_ci` VARCHAR(5) CHARACTER SET latin2 COLLATE latin2_croatian_ci,
  `latin2_czech_cs` VARCHAR(5) CHARACTER SET latin2 COLLATE latin2_czech_cs,
  `latin2_general_ci` VARCHAR(5) CHARACTER SET latin2 COLLATE latin2_general_ci,
  `latin2_hungarian_ci` VARCHAR(5) CHARACTER SET latin2 COLLATE latin2_hungarian_ci,
  `latin5_bin` VARCHAR(5) CHARACTER SET latin5 COLLATE latin5_bin,
  `latin5_turkish_ci` VARCHAR(5) CHARACTER SET latin5 COLLATE latin5_turkish_ci,
  `latin7_bin` VARCHAR(5) CHARACTER SET latin7 COLLATE latin7_bin,
  `latin7_estonian_cs` VARCHAR(5) CHARACTER SET latin7 COLLATE latin7_estonian_cs,
  `latin7_general_ci` VARCHAR(5) CHARACTER SET latin7 COLLATE latin7_general_ci,
  `latin7_general_cs` VARCHAR(5) CHARACTER SET latin7 COLLATE latin7_general_cs,
  `macce_bin` VARCHAR(5) CHARACTER SET macce COLLATE macce_bin,
  `macce_general_ci` VARCHAR(5) CHARACTER SET macce COLLATE macce_general_ci,
  `macroman_bin` VARCHAR(5) CHARACTER SET macroman COLLATE macroman_bin,
  `macroman_general_ci` VARCHAR(5) CHARACTER SET macroman COLLATE macroman_general_ci,
  `sjis_bin` VARCHAR(5) CHARACTER SET sjis COLLATE sjis_bin,
  `sjis_japanese_ci` VARCHAR(5) CHARACTER SET sjis COLLATE sjis_japanese_ci,
  `swe7_bin` VARCHAR(5) CHARACTER SET swe7 COLLATE swe7_bin,
  `swe7_swedish_ci` VARCHAR(5) CHARACTER SET swe7 COLLATE swe7_swedish_ci
) DEFAULT CHARSET=swe7 COLLATE=swe7_swedish_ci;
INSERT INTO t03 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t04 (
  `tis620_bin` VARCHAR(5) CHARACTER SET tis620 COLLATE tis620_bin,
  `tis620_thai_ci` VARCHAR(5) CHARACTER SET tis620 COLLATE tis620_thai_ci,
  `ucs2_bin` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_bin,
  `ucs2_czech_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_czech_ci,
  `ucs2_danish_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_danish_ci,
  `ucs2_esperanto_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_esperanto_ci,
  `ucs2_estonian_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_estonian_ci,
  `ucs2_general_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_general_ci,
  `ucs2_general_mysql500_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_general_mysql500_ci,
  `ucs2_hungarian_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_hungarian_ci,
  `ucs2_icelandic_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_icelandic_ci,
  `ucs2_latvian_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_latvian_ci,
  `ucs2_lithuanian_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_lithuanian_ci,
  `ucs2_persian_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_persian_ci,
  `ucs2_polish_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_polish_ci,
  `ucs2_romanian_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_romanian_ci,
  `ucs2_roman_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_roman_ci
) DEFAULT CHARSET=ucs2 COLLATE=ucs2_roman_ci;
INSERT INTO t04 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t05 (
  `ucs2_slovak_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_slovak_ci,
  `ucs2_slovenian_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_slovenian_ci,
  `ucs2_spanish2_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_spanish2_ci,
  `ucs2_spanish_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_spanish_ci,
  `ucs2_swedish_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_swedish_ci,
  `ucs2_turkish_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_turkish_ci,
  `ucs2_unicode_ci` VARCHAR(5) CHARACTER SET ucs2 COLLATE ucs2_unicode_ci,
  `ujis_bin` VARCHAR(5) CHARACTER SET ujis COLLATE ujis_bin,
  `ujis_japanese_ci` VARCHAR(5) CHARACTER SET ujis COLLATE ujis_japanese_ci,
  `utf16_bin` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_bin,
  `utf16_czech_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_czech_ci,
  `utf16_danish_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_danish_ci,
  `utf16_esperanto_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_esperanto_ci,
  `utf16_estonian_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_estonian_ci,
  `utf16_general_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_general_ci,
  `utf16_hungarian_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_hungarian_ci
) DEFAULT CHARSET=utf16 COLLATE=utf16_hungarian_ci;
INSERT INTO t05 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t06 (
  `utf16_icelandic_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_icelandic_ci,
  `utf16_latvian_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_latvian_ci,
  `utf16_lithuanian_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_lithuanian_ci,
  `utf16_persian_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_persian_ci,
  `utf16_polish_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_polish_ci,
  `utf16_romanian_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_romanian_ci,
  `utf16_roman_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_roman_ci,
  `utf16_sinhala_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_sinhala_ci,
  `utf16_slovak_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_slovak_ci,
  `utf16_slovenian_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_slovenian_ci,
  `utf16_spanish2_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_spanish2_ci,
  `utf16_spanish_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_spanish_ci,
  `utf16_swedish_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_swedish_ci,
  `utf16_turkish_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_turkish_ci,
  `utf16_unicode_ci` VARCHAR(5) CHARACTER SET utf16 COLLATE utf16_unicode_ci,
  `utf32_bin` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_bin
) DEFAULT CHARSET=utf32 COLLATE=utf32_bin;
INSERT INTO t06 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t07 (
  `utf32_czech_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_czech_ci,
  `utf32_danish_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_danish_ci,
  `utf32_esperanto_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_esperanto_ci,
  `utf32_estonian_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_estonian_ci,
  `utf32_general_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_general_ci,
  `utf32_hungarian_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_hungarian_ci,
  `utf32_icelandic_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_icelandic_ci,
  `utf32_latvian_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_latvian_ci,
  `utf32_lithuanian_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_lithuanian_ci,
  `utf32_persian_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_persian_ci,
  `utf32_polish_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_polish_ci,
  `utf32_romanian_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_romanian_ci,
  `utf32_roman_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_roman_ci,
  `utf32_sinhala_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_sinhala_ci,
  `utf32_slovak_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_slovak_ci,
  `utf32_slovenian_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_slovenian_ci,
  `utf32_spanish2_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_spanish2_ci,
  `utf32_spanish_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_spanish_ci
) DEFAULT CHARSET=utf32 COLLATE=utf32_spanish_ci;
INSERT INTO t07 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t08 (
  `utf32_swedish_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_swedish_ci,
  `utf32_turkish_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_turkish_ci,
  `utf32_unicode_ci` VARCHAR(5) CHARACTER SET utf32 COLLATE utf32_unicode_ci,
  `utf8_bin` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_bin,
  `utf8_czech_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_czech_ci,
  `utf8_danish_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_danish_ci,
  `utf8_esperanto_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_esperanto_ci,
  `utf8_estonian_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_estonian_ci,
  `utf8_general_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_general_ci,
  `utf8_general_mysql500_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_general_mysql500_ci,
  `utf8_hungarian_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_hungarian_ci,
  `utf8_icelandic_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_icelandic_ci,
  `utf8_latvian_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_latvian_ci,
  `utf8_lithuanian_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_lithuanian_ci,
  `utf8_persian_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_persian_ci,
  `utf8_polish_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_polish_ci
) DEFAULT CHARSET=utf8 COLLATE=utf8_polish_ci;
INSERT INTO t08 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t09 (
  `utf8_romanian_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_romanian_ci,
  `utf8_roman_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_roman_ci,
  `utf8_sinhala_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_sinhala_ci,
  `utf8_slovak_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_slovak_ci,
  `utf8_slovenian_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_slovenian_ci,
  `utf8_spanish2_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_spanish2_ci,
  `utf8_spanish_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_spanish_ci,
  `utf8_swedish_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_swedish_ci,
  `utf8_turkish_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_turkish_ci,
  `utf8_unicode_ci` VARCHAR(5) CHARACTER SET utf8 COLLATE utf8_unicode_ci,
  `utf8mb4_bin` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  `utf8mb4_czech_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_czech_ci,
  `utf8mb4_danish_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_danish_ci,
  `utf8mb4_esperanto_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_esperanto_ci,
  `utf8mb4_estonian_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_estonian_ci,
  `utf8mb4_general_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
INSERT INTO t09 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
CREATE TABLE t10 (
  `utf8mb4_hungarian_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_hungarian_ci,
  `utf8mb4_icelandic_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_icelandic_ci,
  `utf8mb4_latvian_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_latvian_ci,
  `utf8mb4_lithuanian_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_lithuanian_ci,
  `utf8mb4_persian_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_persian_ci,
  `utf8mb4_polish_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_polish_ci,
  `utf8mb4_romanian_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_romanian_ci,
  `utf8mb4_roman_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_roman_ci,
  `utf8mb4_sinhala_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_sinhala_ci,
  `utf8mb4_slovak_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_slovak_ci,
  `utf8mb4_slovenian_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_slovenian_ci,
  `utf8mb4_spanish2_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_spanish2_ci,
  `utf8mb4_spanish_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_spanish_ci,
  `utf8mb4_swedish_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_swedish_ci,
  `utf8mb4_turkish_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_turkish_ci,
  `utf8mb4_unicode_ci` VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
INSERT INTO t10 VALUES ('aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB', 'aB');
