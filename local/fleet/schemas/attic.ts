/** What collects in old databases: awkward names, values at the edge of their types, and rows that a careless copy changes. */
import { everyByte } from './clinic.ts';
import { awkwardTexts } from './magazine.ts';
import { rows } from '../plan.ts';
import type { DatabasePlan, SchemaContext, TablePlan } from '../plan.ts';

export function attic(context: SchemaContext): DatabasePlan {
  return {
    characterSet: context.characterSet,
    tables: [...valueTables(context), ...nameTables(context)],
    objects: atticObjects,
  };
}

function valueTables({ random, engine }: SchemaContext): TablePlan[] {
  return [
    {
      name: 'every byte',
      columns: ['id INT NOT NULL PRIMARY KEY', 'one BINARY(1) NOT NULL', 'many LONGBLOB', 'small VARBINARY(300)'],
      options: `ENGINE=${engine()}`,
      rows: [...rows(256, (id) => [id - 1, everyByte.subarray(id - 1, id), null, Buffer.from([id - 1, 0, 39, 92, 10])]), [256, everyByte.subarray(39, 40), Buffer.concat([everyByte, random.bytes(100_000)]), everyByte]],
    },
    {
      name: 'edges; of `types`',
      columns: [
        'id INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'tiny TINYINT', 'big BIGINT', 'ubig BIGINT UNSIGNED', 'exact DECIMAL(65,30)', 'bits BIT(64)', 'span TIME', 'y YEAR(4)', 'day DATE', 'moment DATETIME /*!50604 (6) */', 'stamp TIMESTAMP /*!50604 (3) */ NULL',
        "choice ENUM('a','b''c','d,e','\"','') DEFAULT 'b''c'",
        "choices SET('x','y z','ü') DEFAULT 'x,ü'",
      ],
      options: "ENGINE=InnoDB AUTO_INCREMENT=4000000 CHARACTER SET utf8 COMMENT='It''s; \"odd\"\nDELIMITER //'",
      rows: [
        [0, -128, '-9223372036854775808', '18446744073709551615', `-${'9'.repeat(35)}.${'9'.repeat(30)}`, Buffer.alloc(8, 255), '-838:59:59', 1901, '0000-00-00', '0000-00-00 00:00:00', null, 'a', 'x'],
        [-1, 127, '9223372036854775807', '0', '0.000000000000000000000000000001', Buffer.alloc(8), '838:59:59', 2155, '9999-12-31', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999', '', ''],
        [5, 0, '0', '1', '0', Buffer.from([1]), '-00:00:01', 0, '2014-02-00', '1000-01-01 00:00:00.000001', '1970-01-01 00:00:01.000', 'd,e', 'x,y z,ü'],
        // Not a member of the ENUM: stored as its error value, index 0.
        [6, null, null, null, null, null, null, null, null, null, null, 'no member', null],
      ],
    },
    {
      name: 'mixed.sets',
      columns: [
        'id INT NOT NULL PRIMARY KEY',
        'western VARCHAR(100) CHARACTER SET latin1',
        'central VARCHAR(100) CHARACTER SET latin2',
        'world VARCHAR(100) CHARACTER SET utf8',
        'all_of_it VARCHAR(100) CHARACTER SET utf8mb4',
        'exact VARCHAR(50) CHARACTER SET utf8 COLLATE utf8_bin',
        'loose VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
        'swedish CHAR(20) CHARACTER SET latin1 COLLATE latin1_general_cs',
        'UNIQUE KEY exact (exact)',
        'UNIQUE KEY loose (loose)',
      ],
      options: `ENGINE=${engine()} DEFAULT CHARACTER SET latin1`,
      rows: [
        // UTF-8 bytes in a latin1 column, as applications of that time wrote them.
        [1, Buffer.from('Größe'), 'žluťoučký', '数据库', '🚢 ferry 🌊', 'straße', 'straße', 'Å'],
        // Different under utf8mb4_general_ci, equal under the default collation of MySQL 8.
        [2, 'Größe €', 'Łódź', 'Ωmega', 'é', 'strasse', 'strasse', 'å'],
        [3, Buffer.from([0x80, 0x81, 0x8d, 0x9f, 0xff]), null, '', '', 'Straße', 'x', ' '],
        [4, '', '', null, null, 'trailing ', 'trailing', 'trailing '],
        [5, null, null, ' ', ' ', 'Trailing', 'é̂', null],
      ],
    },
  ];
}

function nameTables({ random, scale, engine }: SchemaContext): TablePlan[] {
  return [
    {
      name: 'no key',
      columns: ['a INT', 'b VARCHAR(20)'],
      options: `ENGINE=${engine()}`,
      rows: [[1, 'twin'], [1, 'twin'], [null, null], [null, ''], [0, 'a#b'], [0, null]],
    },
    {
      name: 'Order',
      columns: ['`select` INT NOT NULL', '`from where` VARCHAR(255) NOT NULL', '`naïve "column"` TEXT', '`tick``tock` INT DEFAULT 7', 'PRIMARY KEY (`select`, `from where`(20))'],
      options: `ENGINE=${engine()}`,
      rows: awkwardTexts.map((text, index) => [index, text, `${text}${text}`, index === 0 ? null : index]),
    },
    { name: 'order', columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY'], options: `ENGINE=${engine()} AUTO_INCREMENT=77`, rows: [] },
    {
      name: 'été_日本_table',
      columns: ['`größe` DECIMAL(5,1) NOT NULL', '`名前` VARCHAR(30) CHARACTER SET utf8'],
      options: `ENGINE=${engine()} COMMENT='größer; \\\\ kleiner'`,
      rows: rows(scale, (id) => [id / 2, random.pick(['東京', 'Zürich', ''])]),
    },
    {
      name: 'a_table_whose_name_is_exactly_as_long_as_mysql_lets_any_name_be_',
      columns: ['`a column whose name is exactly as long as MySQL lets any name be` INT NOT NULL', 'KEY `a key whose name is also quite long` (`a column whose name is exactly as long as MySQL lets any name be`)'],
      options: `ENGINE=${engine()} ROW_FORMAT=FIXED`,
      rows: rows(3, (id) => [id]),
    },
    {
      name: 'stamps',
      columns: [
        'id INT NOT NULL PRIMARY KEY',
        "zero TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00'",
        'updated TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP',
        'created DATETIME /*!50605 DEFAULT CURRENT_TIMESTAMP */',
      ],
      options: `ENGINE=${engine()}`,
      rows: [[1, '0000-00-00 00:00:00', '2014-03-30 01:30:00', '2014-03-30 02:30:00'], [2, '2014-10-26 01:30:00', '2014-10-26 00:30:00', null]],
    },
    {
      // Numbered within each group, which only MyISAM can.
      name: 'counters',
      columns: ['kind CHAR(3) NOT NULL', 'number INT NOT NULL AUTO_INCREMENT', 'PRIMARY KEY (kind, number)'],
      options: 'ENGINE=MyISAM',
      rows: [['a', 1], ['a', 2], ['b', 1], ['c', 9]],
    },
    {
      name: 'wide',
      columns: ['id INT NOT NULL PRIMARY KEY', ...Array.from({ length: 60 }, (_, index) => `c${index} VARCHAR(100) CHARACTER SET latin1 NOT NULL DEFAULT ''`)],
      options: 'ENGINE=MyISAM MAX_ROWS=1000000 AVG_ROW_LENGTH=500 DELAY_KEY_WRITE=1',
      rows: rows(5, (id) => [id, ...Array.from({ length: 60 }, () => random.words(1))]),
    },
  ];
}

const atticObjects = [
  // Named so that each sorts before what it reads.
  'CREATE VIEW `z base` AS SELECT `select` AS number, `from where` AS text FROM `Order`',
  'CREATE VIEW `m middle` AS SELECT number, CONCAT(text, \';\', \'`\') AS text FROM `z base`',
  'CREATE SQL SECURITY INVOKER VIEW `a top` AS SELECT m.number, z.text FROM `m middle` m LEFT JOIN `z base` z USING (number)',
  `CREATE PROCEDURE \`strange; procedure\`(INOUT p VARCHAR(100) CHARACTER SET utf8) MODIFIES SQL DATA COMMENT 'quote '' and ; and \\\\'
   BEGIN
     DECLARE done INT DEFAULT 0; # a remark; with '
     DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
     /* DELIMITER // */
     SET p = CONCAT(p, 'it''s; "so"', "DELIMITER ;;", '\\\\');
     label: LOOP IF done = 0 THEN LEAVE label; END IF; END LOOP label;
   END`,
  // Modes that MySQL 8 no longer knows stay on objects made under them.
  "SET sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION'",
  'CREATE FUNCTION `über`(x INT) RETURNS VARCHAR(20) CHARACTER SET utf8 DETERMINISTIC RETURN CONCAT(\'ü\', x)',
  'CREATE TRIGGER `a trigger` BEFORE INSERT ON `no key` FOR EACH ROW SET NEW.b = COALESCE(NEW.b, \';\')',
  "SET sql_mode = 'PIPES_AS_CONCAT,ANSI_QUOTES'",
  'CREATE PROCEDURE ansi() SELECT "a" || \'b\' FROM "no key"',
  "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
  "CREATE EVENT `ev;ent` ON SCHEDULE AT '2037-01-01 00:00:00' ON COMPLETION PRESERVE ENABLE DO INSERT INTO `no key` VALUES (1, 'from the event')",
];
