CREATE TABLE t (id INT PRIMARY KEY, e ENUM('plain', '😀 smile'));
INSERT INTO t VALUES (1, 1), (2, 2);
