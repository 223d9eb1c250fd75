CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a','b'), s SET('x','y')) ENGINE=MyISAM;
SET sql_mode = '';
INSERT INTO t VALUES (1, 'nonsense', 'z'), (2, '', ''), (3, 'b', 'x,y');
