GRANT SELECT, INSERT, EXECUTE, TRIGGER ON `definers\_missing%`.* TO 'appowner'@'10.1.%' IDENTIFIED BY 'secret';
CREATE TABLE orders (id INT PRIMARY KEY, total INT) ENGINE=InnoDB;
INSERT INTO orders VALUES (1, 10);
CREATE DEFINER='appowner'@'10.1.%' VIEW totals AS SELECT SUM(total) AS total FROM orders;
CREATE DEFINER='appowner'@'10.1.%' SQL SECURITY INVOKER VIEW ids AS SELECT id FROM orders;
CREATE DEFINER='appowner'@'10.1.%' PROCEDURE add_order(IN id INT) INSERT INTO orders VALUES (id, 0);
CREATE DEFINER='appowner'@'10.1.%' PROCEDURE list_orders() SQL SECURITY INVOKER SELECT id FROM orders;
CREATE DEFINER='appowner'@'10.1.%' TRIGGER positive BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = ABS(NEW.total);
CREATE SQL SECURITY INVOKER VIEW above AS SELECT total FROM totals;
