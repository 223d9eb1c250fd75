CREATE TABLE forms (
  id INT NOT NULL PRIMARY KEY, b DATETIME, s VARCHAR(20) CHARACTER SET latin1, m VARCHAR(20) CHARACTER SET utf8mb4, doc JSON,
  is_nothing INT AS (b IS NULL) VIRTUAL,
  both_of_them INT AS (id AND b) VIRTUAL,
  not_there INT AS (NOT id) VIRTUAL,
  matches INT AS (s REGEXP '^a\\.b') VIRTUAL,
  entries INT AS (JSON_LENGTH(doc, '$.a')) STORED,
  part VARCHAR(20) AS (doc->>'$.b') VIRTUAL,
  recent INT AS (b > DATE'2014-01-01') VIRTUAL,
  no_introducer VARCHAR(40) AS (CONCAT(s, 'x _bar\'s y')) VIRTUAL,
  introduced VARCHAR(40) AS (CONCAT(m, _latin1 x'E9', _utf8'y')) STORED,
  umlauts VARCHAR(40) CHARACTER SET utf8mb4 AS (CONCAT(m, 'üé', '🐬')) VIRTUAL,
  converted VARCHAR(20) AS (CONVERT(s USING utf8)) VIRTUAL,
  next_day DATETIME AS (b + INTERVAL 1 DAY) STORED
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO forms (id, b, s, m, doc) VALUES (1, '2020-02-28 10:00:00', 'a.b', 'm', '{"a": [1, 2], "b": "x"}'), (0, NULL, NULL, NULL, NULL);
