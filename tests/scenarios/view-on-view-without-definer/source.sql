CREATE TABLE t (id INT PRIMARY KEY);
CREATE VIEW first_view AS SELECT id FROM t;
CREATE VIEW second_view AS SELECT id FROM first_view;
ALTER DEFINER='gone'@'nowhere' VIEW first_view AS SELECT id FROM t;
