SET foreign_key_checks = 0;
CREATE TABLE c (code INT, FOREIGN KEY (code) REFERENCES p (code)) ENGINE=InnoDB;
CREATE TABLE p (id INT PRIMARY KEY, code INT) ENGINE=InnoDB;
