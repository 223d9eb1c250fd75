CREATE DATABASE `scenario` /*!40100 DEFAULT CHARACTER SET latin1 */ /*!80016 DEFAULT ENCRYPTION='N' */;

CREATE TABLE `t` (
  `id` int DEFAULT NULL,
  `said` varchar(99) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `u` (
  `id` int DEFAULT NULL,
  `said` varchar(99) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE DEFINER="root"@"127.0.0.1" FUNCTION "back slash"() RETURNS char(9) CHARSET latin1
    DETERMINISTIC
    COMMENT 'C:\\'
RETURN '\' -- ';

CREATE DEFINER=`root`@`127.0.0.1` FUNCTION `five`() RETURNS int
    DETERMINISTIC
RETURN 5 # five;

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `nightly`()
INSERT INTO t VALUES (1, ';;') -- nightly;

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `old_letters`()
    COMMENT 'ÃƒÆ’Ã‚Â©'
SELECT 'ÃƒÂ©' # ÃƒÂ©;

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `quoted`()
SELECT 'it''s', "*/", ';;' /* ;; DELIMITER */ # it's;

CREATE DEFINER="root"@"127.0.0.1" PROCEDURE "say ""it"""(OUT "a;b" INT)
    COMMENT '\\\\''\\n'
SET "a;b" = LENGTH('\;;') # ";

CREATE DEFINER=`root`@`127.0.0.1` PROCEDURE `several`()
BEGIN -- it's /* not
  DECLARE x INT; SET x = 1; # "
  INSERT INTO t VALUES (2, '/*!50000 ; */'); BEGIN DO 1; END
;END;

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `left_over` AFTER DELETE ON `t` FOR EACH ROW SET @x = "*/;;" -- `;

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `noted` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.said = CONCAT(NEW.said, '#') # the last word;

CREATE DEFINER=`root`@`127.0.0.1` TRIGGER `tr'` BEFORE INSERT ON `u` FOR EACH ROW SET NEW."said" = '\' -- the end\;

CREATE DEFINER=`root`@`127.0.0.1` EVENT `e"` ON SCHEDULE EVERY 1 DAY STARTS '…' ON COMPLETION NOT PRESERVE DISABLE COMMENT '\\' DO SELECT '\', ';;' # \;

CREATE DEFINER=`root`@`127.0.0.1` EVENT `elsewhere` ON SCHEDULE AT '2038-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO SELECT 1 -- five and a half hours;

CREATE DEFINER=`root`@`127.0.0.1` EVENT `hourly` ON SCHEDULE EVERY 1 HOUR STARTS '…' ON COMPLETION NOT PRESERVE DISABLE COMMENT 'it''s a \\ and a ''' DO SELECT ';;' # endless;

-- t: id="0", said="a#"
-- t: id="1", said=";;#"
-- t: id="2", said="/*!50000 ; */#"
-- u: id="0", said="\\"
