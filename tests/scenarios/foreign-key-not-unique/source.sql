/*!80400 SET restrict_fk_on_non_standard_key = OFF */;
CREATE TABLE parent (id INT PRIMARY KEY, code INT NOT NULL, region INT NOT NULL, KEY (code, region)) ENGINE=InnoDB;
CREATE TABLE child (id INT PRIMARY KEY, code INT, FOREIGN KEY (code) REFERENCES parent (code)) ENGINE=InnoDB;
INSERT INTO parent VALUES (1, 7, 1), (2, 7, 2); INSERT INTO child VALUES (1, 7);
