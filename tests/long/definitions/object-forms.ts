/** Definitions of other kinds than generated columns, each beside a change of the copy that nearly leaves it as it is. */

export interface ObjectForm {
  /** Makes it; `$` stands for a name of its own. A source that refuses it does not have it. */
  readonly make: string;
  /** Changes the copy on the target. */
  readonly near: string;
  /** Of the object that is then to be named, `$` in it. */
  readonly object: string;
  readonly attribute: string;
}

function partitioned(columns: string, clause: string, near: string, attribute: string, partition = 'a'): ObjectForm {
  return { make: `CREATE TABLE $ (${columns}) ENGINE=InnoDB PARTITION BY ${clause}`, near: `ALTER TABLE $ PARTITION BY ${near}`, object: `partition $.${partition}`, attribute };
}

const rest = 'PARTITION z VALUES LESS THAN (MAXVALUE)';

export const partitionForms: readonly ObjectForm[] = [
  partitioned('id INT', 'HASH (id MOD 7) PARTITIONS 2', 'HASH (id MOD 8) PARTITIONS 2', 'expression', 'p0'),
  partitioned('id INT', 'HASH (id) PARTITIONS 2', 'HASH (id + 1) PARTITIONS 2', 'expression', 'p0'),
  partitioned('id INT', 'LINEAR HASH (id) PARTITIONS 2', 'HASH (id) PARTITIONS 2', 'method', 'p0'),
  partitioned('id INT, b INT', 'LINEAR HASH (ABS(id) + FLOOR(b)) PARTITIONS 3', 'LINEAR HASH (ABS(b) + FLOOR(id)) PARTITIONS 3', 'expression', 'p0'),
  partitioned('id INT PRIMARY KEY', 'KEY () PARTITIONS 2', 'LINEAR KEY () PARTITIONS 2', 'method', 'p0'),
  partitioned('id INT, s VARCHAR(5)', 'KEY (id, s) PARTITIONS 2', 'KEY (s, id) PARTITIONS 2', 'expression', 'p0'),
  partitioned('id INT', 'KEY ALGORITHM=1 (id) PARTITIONS 2', 'LINEAR KEY ALGORITHM=1 (id) PARTITIONS 2', 'method', 'p0'),
  partitioned('`a b` INT, `Order` INT', 'LINEAR KEY (`Order`) PARTITIONS 2', 'LINEAR KEY (`a b`) PARTITIONS 2', 'expression', 'p0'),
  partitioned('d DATE', `RANGE (YEAR(d)) (PARTITION a VALUES LESS THAN (2013), ${rest})`, `RANGE (YEAR(d)) (PARTITION a VALUES LESS THAN (2014), ${rest})`, 'values'),
  partitioned('d DATE', `RANGE (TO_DAYS(d)) (PARTITION a VALUES LESS THAN (TO_DAYS('2014-01-01')), ${rest})`, `RANGE (TO_DAYS(d)) (PARTITION a VALUES LESS THAN (TO_DAYS('2014-01-02')), ${rest})`, 'values'),
  partitioned('d DATE', `RANGE (TO_DAYS(d)) (PARTITION a VALUES LESS THAN (4711), ${rest})`, `RANGE (DAYOFYEAR(d)) (PARTITION a VALUES LESS THAN (4711), ${rest})`, 'expression'),
  partitioned('ts TIMESTAMP NOT NULL DEFAULT 0', `RANGE (UNIX_TIMESTAMP(ts)) (PARTITION a VALUES LESS THAN (UNIX_TIMESTAMP('2014-01-01 00:00:00')), ${rest})`, `RANGE (UNIX_TIMESTAMP(ts)) (PARTITION a VALUES LESS THAN (1388534401), ${rest})`, 'values'),
  partitioned('t TIME, d DATETIME', `RANGE (HOUR(t) * 60 + MINUTE(d) - TIME_TO_SEC(t) DIV 7) (PARTITION a VALUES LESS THAN (-3), ${rest})`, `RANGE (HOUR(t) * 60 + MINUTE(d) - TIME_TO_SEC(t) DIV 8) (PARTITION a VALUES LESS THAN (-3), ${rest})`, 'expression'),
  partitioned('d DATE, `my col` INT', 'LIST (`my col` + EXTRACT(YEAR FROM d) * 2) (PARTITION a VALUES IN (1,NULL,-3), PARTITION b VALUES IN (5))', 'LIST (`my col` + EXTRACT(YEAR FROM d) * 2) (PARTITION a VALUES IN (1,-3), PARTITION b VALUES IN (5))', 'values'),
  partitioned('id BIGINT UNSIGNED', 'LIST (WEEKDAY(FROM_DAYS(id))) (PARTITION a VALUES IN (0,1), PARTITION b VALUES IN (2))', 'LIST (DAYOFWEEK(FROM_DAYS(id))) (PARTITION a VALUES IN (0,1), PARTITION b VALUES IN (2))', 'expression'),
  partitioned('id BIGINT UNSIGNED', `RANGE (id) (PARTITION a VALUES LESS THAN (18446744073709551615), ${rest})`, `RANGE (id) (PARTITION a VALUES LESS THAN (18446744073709551614), ${rest})`, 'values'),
  partitioned('id INT, d DATE', `RANGE (TO_DAYS(d)) SUBPARTITION BY HASH (id DIV 3) SUBPARTITIONS 2 (PARTITION a VALUES LESS THAN (735000), ${rest})`, `RANGE (TO_DAYS(d)) SUBPARTITION BY HASH (id DIV 4) SUBPARTITIONS 2 (PARTITION a VALUES LESS THAN (735000), ${rest})`, 'sub-expression', 'a.asp0'),
  partitioned('id INT, d DATE', `RANGE (TO_DAYS(d)) SUBPARTITION BY LINEAR KEY (id) (PARTITION a VALUES LESS THAN (735000) (SUBPARTITION \`x.y\`, SUBPARTITION y), PARTITION b VALUES LESS THAN MAXVALUE (SUBPARTITION v, SUBPARTITION w))`, `RANGE (TO_DAYS(d)) SUBPARTITION BY LINEAR KEY (id) (PARTITION a VALUES LESS THAN (735001) (SUBPARTITION \`x.y\`, SUBPARTITION y), PARTITION b VALUES LESS THAN MAXVALUE (SUBPARTITION v, SUBPARTITION w))`, 'values', 'a.x.y'),
  partitioned('b BINARY(3)', `RANGE COLUMNS (b) (PARTITION a VALUES LESS THAN ('a'), PARTITION b VALUES LESS THAN ('b''\\n'), ${rest})`, `RANGE COLUMNS (b) (PARTITION a VALUES LESS THAN ('b'), PARTITION b VALUES LESS THAN ('b''\\n'), ${rest})`, 'values'),
  partitioned('b VARBINARY(9)', `RANGE COLUMNS (b) (PARTITION a VALUES LESS THAN (0x610062), PARTITION c VALUES LESS THAN ('é'), ${rest})`, `RANGE COLUMNS (b) (PARTITION a VALUES LESS THAN (0x610063), PARTITION c VALUES LESS THAN ('é'), ${rest})`, 'values'),
  partitioned('b VARBINARY(9)', `RANGE COLUMNS (b) (PARTITION a VALUES LESS THAN (0x61FF), PARTITION c VALUES LESS THAN (0xFF27295C), ${rest})`, `RANGE COLUMNS (b) (PARTITION a VALUES LESS THAN (0x61FE), PARTITION c VALUES LESS THAN (0xFF27295C), ${rest})`, 'values'),
  partitioned('b VARBINARY(9), s VARCHAR(9)', "LIST COLUMNS (s, b) (PARTITION a VALUES IN (('ü', 0xFF), (NULL, 0x80)), PARTITION b VALUES IN (('x', NULL)))", "LIST COLUMNS (s, b) (PARTITION a VALUES IN (('ü', 0xFE), (NULL, 0x80)), PARTITION b VALUES IN (('x', NULL)))", 'values'),
  partitioned('b BINARY(3)', "LIST COLUMNS (b) (PARTITION a VALUES IN ('a','b\\0'), PARTITION b VALUES IN (NULL))", "LIST COLUMNS (b) (PARTITION a VALUES IN ('a','b\\0\\0'), PARTITION b VALUES IN (NULL))", 'values'),
  partitioned('s VARCHAR(9) CHARACTER SET latin1', `RANGE COLUMNS (s) (PARTITION a VALUES LESS THAN ('é'), ${rest})`, `RANGE COLUMNS (s) (PARTITION a VALUES LESS THAN ('è '), ${rest})`, 'values'),
  partitioned('s VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin', `RANGE COLUMNS (s) (PARTITION a VALUES LESS THAN ('a\\0b\\n\\\\'), ${rest})`, `RANGE COLUMNS (s) (PARTITION a VALUES LESS THAN ('a\\0b\\n'), ${rest})`, 'values'),
  partitioned('k VARCHAR(5) CHARACTER SET utf8, d DATE', "LIST COLUMNS (k,d) (PARTITION a VALUES IN (('ü\\'x','2014-01-01'),('b',NULL)) COMMENT = 'it''s ü', PARTITION `ö p` VALUES IN (('c\\\\',NULL)))", "LIST COLUMNS (k,d) (PARTITION a VALUES IN (('ü\\'x','2014-01-02'),('b',NULL)) COMMENT = 'it''s ü', PARTITION `ö p` VALUES IN (('c\\\\',NULL)))", 'values'),
  partitioned('a INT, b CHAR(3), c DATE', `RANGE COLUMNS (a, b, c) (PARTITION a VALUES LESS THAN (1, 'x', '2014-1-2'), PARTITION b VALUES LESS THAN (1, MAXVALUE, '2014-01-02'))`, `RANGE COLUMNS (a, b, c) (PARTITION a VALUES LESS THAN (1, 'x', '2014-1-3'), PARTITION b VALUES LESS THAN (1, MAXVALUE, '2014-01-02'))`, 'values'),
  partitioned('dt DATETIME', `RANGE COLUMNS (dt) (PARTITION a VALUES LESS THAN ('2014-01-01'), PARTITION b VALUES LESS THAN ('2015-1-1 1:2:3'))`, `RANGE COLUMNS (dt) (PARTITION a VALUES LESS THAN ('2014-01-01 00:00:01'), PARTITION b VALUES LESS THAN ('2015-1-1 1:2:3'))`, 'values'),
  partitioned('i TINYINT, s SMALLINT UNSIGNED', 'LIST COLUMNS (i) (PARTITION a VALUES IN (-1,+2), PARTITION b VALUES IN (3))', 'LIST COLUMNS (i) (PARTITION a VALUES IN (-1,4), PARTITION b VALUES IN (3))', 'values'),
];

function byDefault(type: string, value: string, near: string): ObjectForm {
  return { make: `CREATE TABLE $ (id INT, c ${type} DEFAULT ${value}) ENGINE=InnoDB`, near: `ALTER TABLE $ MODIFY c ${type} DEFAULT ${near}`, object: 'column $.c', attribute: 'default' };
}

export const defaultForms: readonly ObjectForm[] = [
  byDefault('VARBINARY(6)', "'a\\0b'", "'a\\0c'"),
  byDefault('VARBINARY(6)', "'a'", "'a\\0'"),
  byDefault('VARBINARY(6)', "''", "'\\0'"),
  byDefault('VARBINARY(6)', "'0x41'", "'A'"),
  byDefault('VARBINARY(6)', "'é'", "'è'"),
  byDefault('VARBINARY(6)', '0xFF80', '0xFF81'),
  byDefault('VARBINARY(6)', '0x61FF0027', '0x61FF0028'),
  byDefault('BINARY(4)', '0x61FF', '0x61FE'),
  byDefault('BINARY(4)', '0x61004200', '0x61004300'),
  byDefault('BINARY(4)', "'ab'", "'ac'"),
  byDefault('BINARY(4)', "''", "'\\0\\0\\0a'"),
  byDefault('BINARY(4)', '0x00000001', '0x00000002'),
  byDefault("ENUM('a','b') CHARACTER SET binary", "'a'", "'b'"),
  byDefault("SET('x','y') CHARACTER SET binary", "'x,y'", "'x'"),
  byDefault("ENUM('Ab','c''d','é\\\\','') CHARACTER SET latin1", "'é\\\\'", "'Ab'"),
  byDefault("ENUM('a','A') CHARACTER SET utf8 COLLATE utf8_bin", "'a'", "'A'"),
  byDefault("SET('x','y') CHARACTER SET utf8", "'x'", "''"),
  byDefault('BIT(10)', "b'101'", "b'111'"),
  byDefault('BIT(1)', '1', '0'),
  byDefault('TINYINT(1)', "'1'", "'0'"),
  byDefault('INT(5) UNSIGNED ZEROFILL', '7', '8'),
  byDefault('BIGINT', '-9223372036854775808', '-9223372036854775807'),
  byDefault('INT', '0x10', '17'),
  byDefault('FLOAT', '1.5', '1.25'),
  byDefault('DOUBLE', '1e100', '1e101'),
  byDefault('DOUBLE', '-0.1', '0.1'),
  byDefault('DECIMAL(10,3)', "'0.5'", "'0.501'"),
  byDefault('CHAR(9) CHARACTER SET latin1', "'it''s\\\\\\n\"x\"'", "'it''s\\\\\\n\"y\"'"),
  byDefault('CHAR(9)', "''", "'0'"),
  byDefault('CHAR(9)', "'NULL'", "'null'"),
  byDefault('VARCHAR(30)', "'uuid()'", '(UUID())'),
  byDefault('VARCHAR(30)', "'CURRENT_TIMESTAMP'", "'current_timestamp'"),
  byDefault('VARCHAR(30)', "' a'", "'a'"),
  byDefault('VARCHAR(30)', "'a '", "'a'"),
  byDefault('VARCHAR(30)', "'A'", "'a'"),
  byDefault('VARCHAR(30) CHARACTER SET utf8', "'üß日'", "'üß木'"),
  byDefault('VARCHAR(30) CHARACTER SET ucs2', "'ab'", "'ac'"),
  byDefault('VARCHAR(30)', "'a\\0b'", "'a\\0c'"),
  byDefault('YEAR', "'2014'", "'2015'"),
  byDefault('TIME', "'-10:00'", "'10:00'"),
  byDefault('TIME(2)', "'10:00:00.25'", "'10:00:00.26'"),
  byDefault('DATE', "'2014-1-2'", "'2014-1-3'"),
  byDefault('DATE', "'0000-00-00'", "'0000-00-01'"),
  byDefault('DATETIME', "'2014-01-02'", "'2014-01-02 00:00:01'"),
  byDefault('DATETIME', 'CURRENT_TIMESTAMP', "'2014-01-01'"),
  byDefault('TIMESTAMP NOT NULL', "'2001-02-03 00:00:00'", "'2001-02-03 00:00:01'"),
  byDefault('TIMESTAMP NULL', 'CURRENT_TIMESTAMP', 'NULL'),
  byDefault('DATETIME(3)', 'CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)', "'2014-01-01'"),
  // Expressions: MySQL 8.0.13 and MariaDB 10.2.
  byDefault('VARCHAR(40)', '(UUID())', "'uuid()'"),
  byDefault('VARCHAR(40)', "(CONCAT('a','b c'))", "(CONCAT('a','bc'))"),
  byDefault('VARCHAR(40)', "(CONCAT('ü', \"it's\", 'a\\\\b'))", "(CONCAT('ü', \"it's\", 'ab'))"),
  byDefault('VARCHAR(40)', '(id IS NULL)', '(id IS NOT NULL)'),
  byDefault('VARCHAR(40)', '(IF(id, 1, 2))', '(IF(id, 2, 1))'),
  byDefault('DATE', '(CURRENT_DATE + INTERVAL 1 YEAR)', '(CURRENT_DATE + INTERVAL 2 YEAR)'),
  byDefault('INT', '(1 + 2)', '(1 + 3)'),
  byDefault('INT', '(3)', '(4)'),
  byDefault('DOUBLE', '(RAND())', '(PI())'),
  byDefault('TEXT', "('it''s \\\\ ü')", "('it''s ü')"),
  byDefault('TEXT', "('abc')", "('ABC')"),
  byDefault('BLOB', "('a\\0b')", "('a\\0c')"),
  byDefault('BINARY(3)', "('ab')", "('ac')"),
  byDefault('JSON', "('{\"a\": [1, \"x\"]}')", "('{\"a\": [1, \"y\"]}')"),
];

function checked(check: string, near: string): ObjectForm {
  const make = `CREATE TABLE $ (id INT, s VARCHAR(20) CHARACTER SET latin1, m VARCHAR(20) CHARACTER SET utf8mb4, d DATE, CONSTRAINT $_c CHECK (${check})) ENGINE=InnoDB`;
  return { make, near: `ALTER TABLE $ DROP CHECK $_c, ADD CONSTRAINT $_c CHECK (${near})`, object: 'check $.$_c', attribute: 'expression' };
}

/** MySQL 8.0.16 and MariaDB: earlier servers take a check and forget it. */
export const checkForms: readonly ObjectForm[] = [
  checked('id > 0', 'id >= 0'),
  checked('id IS NULL OR s', 'id IS NOT NULL OR s'),
  checked("s <> 'it''s'", "s <> 'its'"),
  checked("m <> 'é \\\\'", "m <> 'è \\\\'"),
  checked("s LIKE 'a!%%' ESCAPE '!'", "s LIKE 'a!%%' ESCAPE '|'"),
  checked("s IN ('a','b c')", "s IN ('a','bc')"),
  checked("m REGEXP '^[a-z]+$'", "m REGEXP '^[A-Z]+$'"),
  checked("d > DATE'2014-01-01'", "d > DATE'2014-01-02'"),
  checked("d > '2014-01-01' AND d < '2015-01-01' + INTERVAL 1 DAY", "d > '2014-01-01' AND d < '2015-01-01' + INTERVAL 2 DAY"),
  checked('id BETWEEN 1 AND 9 XOR NOT (id IN (2, 3))', 'id BETWEEN 1 AND 9 XOR NOT (id IN (2, 4))'),
  checked("CHAR_LENGTH(CONCAT(s, ' ')) < 9", "CHAR_LENGTH(CONCAT(s, '')) < 9"),
  checked('(CASE WHEN id > 1 THEN 1 ELSE id IS NULL END) = 1', '(CASE WHEN id > 1 THEN 1 ELSE id IS NULL END) = 0'),
  checked('`id` % 2 = 0', '`id` % 2 = 1'),
  checked('json_valid(m)', 'json_valid(s)'),
  {
    make: 'CREATE TABLE $ (id INT CHECK (id > 1), s INT CHECK (s < 3)) ENGINE=InnoDB',
    near: 'ALTER TABLE $ DROP CHECK $_chk_2, ADD CONSTRAINT $_chk_2 CHECK (s < 4)',
    object: 'check $.$_chk_2',
    attribute: 'expression',
  },
];

function indexed(index: string, near: string, attribute = 'columns'): ObjectForm {
  const columns = 'id INT, s VARCHAR(20), m VARCHAR(20) CHARACTER SET utf8mb4, `a, b` INT, `or``der` INT, a INT, b INT, t TEXT, bl VARBINARY(30)';
  return { make: `CREATE TABLE $ (${columns}, ${index}) ENGINE=InnoDB`, near: `ALTER TABLE $ DROP KEY k, ADD ${near}`, object: 'index $.k', attribute };
}

export const indexForms: readonly ObjectForm[] = [
  indexed('KEY k (`a, b`)', 'KEY k (a, b)'),
  indexed('KEY k (`or``der`, id)', 'KEY k (id, `or``der`)'),
  indexed('KEY k (s(5), m(3))', 'KEY k (s(5), m(4))'),
  indexed('KEY k (t(10), bl(5))', 'KEY k (t(11), bl(5))'),
  indexed('UNIQUE KEY k (id, s)', 'KEY k (id, s)', 'kind'),
  indexed("KEY k (id) COMMENT 'it''s \\\\ ü'", "KEY k (id) COMMENT 'it''s ü'", 'comment'),
  // MySQL 8.
  indexed('KEY k (id DESC, s)', 'KEY k (id, s DESC)'),
  indexed('KEY k ((id + 1))', 'KEY k ((id + 2))'),
  indexed('KEY k (id, (id IS NULL), s(3) DESC)', 'KEY k (id, (id IS NOT NULL), s(3) DESC)'),
  indexed("UNIQUE KEY k ((CONCAT(m, 'é, (''\\\\')), `a, b`)", "UNIQUE KEY k ((CONCAT(m, 'è, (''\\\\')), `a, b`)"),
  indexed("KEY k ((CASE WHEN id THEN s END))", "KEY k ((CASE WHEN a THEN s END))"),
  { ...indexed('KEY k (id) INVISIBLE', ''), near: 'ALTER TABLE $ ALTER INDEX k VISIBLE', attribute: 'visible' },
  {
    make: "CREATE TABLE $ (id INT, doc JSON, KEY k ((CAST(doc->'$.a' AS UNSIGNED ARRAY)), id)) ENGINE=InnoDB",
    near: "ALTER TABLE $ DROP KEY k, ADD KEY k ((CAST(doc->'$.b' AS UNSIGNED ARRAY)), id)",
    object: 'index $.k',
    attribute: 'columns',
  },
];

function column(definition: string, near: string, attribute: string): ObjectForm {
  return { make: `CREATE TABLE $ (id INT, c ${definition}) ENGINE=InnoDB DEFAULT CHARSET=utf8 COLLATE=utf8_unicode_ci`, near: `ALTER TABLE $ MODIFY c ${near}`, object: 'column $.c', attribute };
}

export const columnForms: readonly ObjectForm[] = [
  column("ENUM('a','b') CHARACTER SET binary", "ENUM('a','b') CHARACTER SET latin1", 'collation'),
  column("SET('a','b') CHARACTER SET binary", "SET('a','b') CHARACTER SET latin1 COLLATE latin1_bin", 'collation'),
  column("ENUM('a\\\\b','c''d','e,f','\\n') CHARACTER SET latin1", "ENUM('a\\\\b','c''d','e,F','\\n') CHARACTER SET latin1", 'type'),
  column("ENUM('é','日')", "ENUM('è','日')", 'type'),
  column("ENUM('a b')", "ENUM('ab')", 'type'),
  column("VARCHAR(10) COMMENT 'it''s \\\\ \"ü\" %s `x`\\n'", "VARCHAR(10) COMMENT 'it''s \\\\ \"ü\" %s x\\n'", 'comment'),
  column('VARCHAR(10) CHARACTER SET binary', 'VARBINARY(11)', 'type'),
  column('TEXT CHARACTER SET latin1 COLLATE latin1_german1_ci', 'TEXT CHARACTER SET latin1 COLLATE latin1_german2_ci', 'collation'),
  column('TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP', 'TIMESTAMP NULL', 'extra'),
  column('DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP', 'DATETIME DEFAULT CURRENT_TIMESTAMP', 'extra'),
  column('DOUBLE(10,2)', 'DOUBLE(10,3)', 'type'),
  column('INT(4) ZEROFILL', 'INT(5) ZEROFILL', 'type'),
  column('YEAR NOT NULL', 'YEAR', 'null'),
  column('POINT NOT NULL SRID 4326', 'POINT NOT NULL', 'srid'),
  column('INT INVISIBLE', 'INT', 'extra'),
  column('INT AS (id) STORED', 'INT', 'generated'),
];

function view(text: string, near: string): ObjectForm {
  return { make: `CREATE VIEW $ AS ${text}`, near: `ALTER VIEW $ AS ${near}`, object: 'view $', attribute: 'definition' };
}

/** Over `base`: id INT, s VARCHAR(20) latin1, m VARCHAR(20) utf8mb4, b DATETIME. */
export const viewForms: readonly ObjectForm[] = [
  view('SELECT ISNULL(id) AS x, NOT (id = 1) AS y FROM base', 'SELECT ISNULL(b) AS x, NOT (id = 1) AS y FROM base'),
  view("SELECT CONCAT(s, 'a b') AS x FROM base", "SELECT CONCAT(s, 'ab') AS x FROM base"),
  view("SELECT CONCAT(m, 'üé日') AS x FROM base", "SELECT CONCAT(m, 'üè日') AS x FROM base"),
  view("SELECT CONCAT(m, 'in `definitions`.t') AS x FROM base", "SELECT CONCAT(m, 'in t') AS x FROM base"),
  view("SELECT _latin1'x' AS a, N'y' AS b2, x'4142' AS c, b'101' AS d, DATE'2014-01-01' AS e FROM base", "SELECT _latin1'X' AS a, N'y' AS b2, x'4142' AS c, b'101' AS d, DATE'2014-01-01' AS e FROM base"),
  view("SELECT id FROM base WHERE s REGEXP 'a.b' AND id MOD 7 XOR NOT s", "SELECT id FROM base WHERE s REGEXP 'a.c' AND id MOD 7 XOR NOT s"),
  view("SELECT id, COUNT(*) AS n FROM base GROUP BY id WITH ROLLUP HAVING n > 1", 'SELECT id, COUNT(*) AS n FROM base GROUP BY id HAVING n > 1'),
  view("SELECT GROUP_CONCAT(DISTINCT s ORDER BY m DESC SEPARATOR ' | ') AS g FROM base", "SELECT GROUP_CONCAT(DISTINCT s ORDER BY m SEPARATOR ' | ') AS g FROM base"),
  view('SELECT a.id FROM base a LEFT JOIN base c USING (id) NATURAL JOIN base e', 'SELECT a.id FROM base a JOIN base c USING (id) NATURAL JOIN base e'),
  view('SELECT id FROM base UNION ALL SELECT 2 UNION SELECT 3 ORDER BY 1 LIMIT 2, 5', 'SELECT id FROM base UNION ALL SELECT 2 UNION ALL SELECT 3 ORDER BY 1 LIMIT 2, 5'),
  view('SELECT CASE id WHEN 1 THEN s ELSE m END AS x, IF(id, b, NULL) AS y FROM base', 'SELECT CASE id WHEN 1 THEN m ELSE s END AS x, IF(id, b, NULL) AS y FROM base'),
  view('SELECT (SELECT MAX(id) FROM base i WHERE i.id < o.id) AS x FROM base o WHERE EXISTS (SELECT 1 FROM base WHERE id IN (1, o.id))', 'SELECT (SELECT MIN(id) FROM base i WHERE i.id < o.id) AS x FROM base o WHERE EXISTS (SELECT 1 FROM base WHERE id IN (1, o.id))'),
  view("SELECT CAST(id AS CHAR) AS x, CONVERT(s USING utf8) AS y, b + INTERVAL '1:2' HOUR_MINUTE AS z FROM base", "SELECT CAST(id AS CHAR) AS x, CONVERT(s USING utf8) AS y, b + INTERVAL '1:3' HOUR_MINUTE AS z FROM base"),
];

export const eventForms: readonly ObjectForm[] = [
  { make: "CREATE EVENT $ ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DISABLE ON SLAVE DO DELETE FROM base", near: 'ALTER EVENT $ DISABLE', object: 'event $', attribute: 'status' },
  { make: "CREATE EVENT $ ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DISABLE DO DELETE FROM base", near: 'ALTER EVENT $ DISABLE ON SLAVE', object: 'event $', attribute: 'status' },
];
