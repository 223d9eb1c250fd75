CREATE TABLE t (a VARCHAR(20) COLLATE utf8mb4_uca1400_ai_ci, b VARCHAR(20) COLLATE utf8mb4_nopad_bin, c VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_nopad_ci, KEY (a)) COLLATE=utf8mb4_unicode_520_nopad_ci;
CREATE PROCEDURE p(IN x VARCHAR(9) CHARSET utf8mb4 COLLATE utf8mb4_uca1400_as_cs) SELECT x COLLATE utf8mb4_uca1400_ai_ci;
CREATE VIEW v AS SELECT a COLLATE utf8mb4_uca1400_as_ci AS a FROM t;
INSERT INTO t VALUES ('ß', 'b ', 'c');
