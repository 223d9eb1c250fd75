CREATE TABLE `$money` (`$a` INT, `b.c` INT, `d``e` INT, `f"g` INT, `h'i` INT, `j;k` INT, `l/*m` INT, `--n` INT, `ü ß€` INT) COMMENT='it''s `a` "comment";\n-- with\r\n/* everything */ \\ 😀';
CREATE TABLE `fts_index` (`a	b` VARCHAR(10) COMMENT 'it''s; \\ "x"' DEFAULT 'it''s; \\n', KEY `key;``'"` (`a	b`)) COMMENT 'line 1
line 2';
CREATE TABLE `1234` (`5` INT, `select` INT) COMMENT='';
CREATE TABLE `日本` (`語` INT COMMENT 'ÄÖ 語');
INSERT INTO `$money` (`$a`, `j;k`) VALUES (1, 2); INSERT INTO `fts_index` VALUES (DEFAULT), ('\0\n\r\\''"\Z;'); INSERT INTO `1234` VALUES (1, 2);
INSERT INTO `日本` VALUES (3);
