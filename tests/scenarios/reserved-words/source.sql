CREATE TABLE `rank` (`groups` INT, `system` VARCHAR(10), `lateral` INT, `of` INT, KEY `window` (`groups`));
CREATE VIEW `cume_dist` AS SELECT `groups` AS `row_number` FROM `rank`;
CREATE PROCEDURE `lead`() SELECT groups AS rank FROM `rank`;
INSERT INTO `rank` VALUES (1, 'a', 2, 3);
