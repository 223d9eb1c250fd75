CREATE TABLE Orders (id INT); CREATE TABLE orders (id INT); INSERT INTO Orders VALUES (1); INSERT INTO orders VALUES (2);
CREATE VIEW Both_Of_Them AS SELECT a.id, b.id AS other FROM Orders a, orders b;
