SET sql_mode = '';
CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a', 'A') CHARACTER SET latin1 COLLATE latin1_swedish_ci, f ENUM('a', 'A') CHARACTER SET latin1 COLLATE latin1_bin);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
