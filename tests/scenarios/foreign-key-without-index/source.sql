CREATE TABLE p (id INT PRIMARY KEY, code INT, KEY (code)) ENGINE=InnoDB;
CREATE TABLE c (code INT, FOREIGN KEY (code) REFERENCES p (code)) ENGINE=InnoDB;
SET foreign_key_checks = 0;
ALTER TABLE p DROP KEY code;
