CREATE DEFINER='gone'@'nowhere' VIEW v AS SELECT 1 AS one;
