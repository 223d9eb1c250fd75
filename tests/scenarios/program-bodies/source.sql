CREATE TABLE t (id INT, said VARCHAR(99));
CREATE TABLE u (id INT, said VARCHAR(99));
DELIMITER $$
CREATE FUNCTION five() RETURNS INT DETERMINISTIC RETURN 5 # five
$$
CREATE PROCEDURE nightly() INSERT INTO t VALUES (1, ';;') -- nightly
$$
CREATE PROCEDURE quoted() SELECT 'it''s', "*/", ';;' /* ;; DELIMITER */ # it's
$$
CREATE PROCEDURE several() BEGIN -- it's /* not
  DECLARE x INT; SET x = 1; # "
  INSERT INTO t VALUES (2, '/*!50000 ; */'); BEGIN DO 1; END
;END
$$
CREATE TRIGGER noted BEFORE INSERT ON t FOR EACH ROW SET NEW.said = CONCAT(NEW.said, '#') # the last word
$$
CREATE TRIGGER left_over AFTER DELETE ON t FOR EACH ROW SET @x = "*/;;" -- `
$$
CREATE EVENT hourly ON SCHEDULE EVERY 1 HOUR STARTS '2038-01-01 00:00:00' DISABLE COMMENT 'it''s a \\ and a ''' DO SELECT ';;' # endless
$$
SET time_zone = '+05:30' $$
CREATE EVENT elsewhere ON SCHEDULE AT '2038-01-01 00:00:00' DISABLE DO SELECT 1 -- five and a half hours
$$
SET time_zone = 'SYSTEM' $$
SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES' $$
CREATE FUNCTION "back slash"() RETURNS CHAR(9) DETERMINISTIC COMMENT 'C:\' RETURN '\' -- '
$$
CREATE PROCEDURE "say ""it"""(OUT "a;b" INT) COMMENT '\\''\n' SET "a;b" = LENGTH('\;;') # "
$$
CREATE TRIGGER "tr'" BEFORE INSERT ON u FOR EACH ROW SET NEW."said" = '\' -- the end\
$$
CREATE EVENT "e""" ON SCHEDULE EVERY 1 DAY STARTS '2038-01-01 00:00:00' DISABLE COMMENT '\' DO SELECT '\', ';;' # \
$$
DELIMITER ;
SET sql_mode = '';
SET NAMES latin1;
CREATE PROCEDURE old_letters() COMMENT 'Ã©' SELECT 'Ã©' # Ã©
;
SET NAMES utf8;
INSERT INTO t VALUES (0, 'a');
INSERT INTO u VALUES (0, 'a');
CALL nightly();
CALL several();
