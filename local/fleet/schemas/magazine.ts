/** A magazine: FULLTEXT on both engines, nested comments, long texts, words that became reserved after 5.6. */
import { rows } from '../plan.ts';
import type { DatabasePlan, SchemaContext, TablePlan } from '../plan.ts';

export function magazine(context: SchemaContext): DatabasePlan {
  return {
    characterSet: context.characterSet,
    tables: [...articleTables(context), ...otherTables(context)],
    objects,
  };
}

function articleTables({ random, scale, engine }: SchemaContext): TablePlan[] {
  return [
    {
      name: 'articles',
      columns: [
        'id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'slug VARCHAR(100) NOT NULL',
        'title VARCHAR(200) NOT NULL',
        'body LONGTEXT NOT NULL',
        'published DATETIME DEFAULT NULL',
        'UNIQUE KEY slug (slug)',
        'FULLTEXT KEY words (title, body)',
      ],
      options: 'ENGINE=MyISAM',
      rows: rows(scale, (id) => [id, `article-${id}`, random.words(5), Array.from({ length: 6 }, () => random.sentence()).join('\n'), random.chance(20) ? null : random.dateTime()]),
    },
    {
      name: 'comments',
      columns: [
        'id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY',
        'article_id INT UNSIGNED NOT NULL',
        'parent_id INT UNSIGNED DEFAULT NULL',
        'author VARCHAR(60)',
        'text TEXT NOT NULL',
        // InnoDB has it since MySQL 5.6.
        'KEY article (article_id) /*!50600 , FULLTEXT KEY text (text) */',
      ],
      options: 'ENGINE=InnoDB',
      rows: rows(scale, (id) => [id, random.int(1, scale), random.chance(60) ? null : random.int(1, id), random.personName(), random.pick(awkwardTexts)]),
    },
    {
      name: 'authors',
      columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY', 'name VARCHAR(80) NOT NULL', 'portrait BLOB', 'KEY name (name)'],
      options: `ENGINE=${engine()}`,
      rows: rows(10, (id) => [id, random.personName(), random.chance(40) ? null : random.bytes(200)]),
    },
  ];
}

function otherTables({ random, scale, engine }: SchemaContext): TablePlan[] {
  return [
    {
      // Columns named with words that MySQL 8 reserved.
      name: 'groups',
      columns: ['`rank` INT NOT NULL', '`system` VARCHAR(20) NOT NULL', '`window` INT DEFAULT NULL', '`row_number` INT DEFAULT 0', 'PRIMARY KEY (`rank`)'],
      options: `ENGINE=${engine()}`,
      rows: rows(8, (id) => [id, random.words(1), random.chance(50) ? null : id, id * id]),
    },
    {
      name: 'tags',
      columns: ['tag VARCHAR(40) NOT NULL', 'article_id INT UNSIGNED NOT NULL', 'PRIMARY KEY (tag, article_id)'],
      options: `ENGINE=${engine()}`,
      rows: rows(scale, (id) => [random.words(1), id]),
    },
    {
      name: 'settings',
      columns: ['`key` VARCHAR(60) NOT NULL PRIMARY KEY', 'value VARCHAR(255) DEFAULT NULL'],
      options: `ENGINE=${engine()}`,
      rows: [['title', 'The "Daily" Post'], ['empty', ''], ['missing', null], ['path', 'C:\\news\\'], ['sql', "'; DROP TABLE settings; --"]],
    },
    {
      name: 'hits',
      columns: ['day DATE NOT NULL', 'article_id INT UNSIGNED NOT NULL', 'hits INT UNSIGNED NOT NULL DEFAULT 0', 'PRIMARY KEY (day, article_id)'],
      options: `ENGINE=${engine()} PARTITION BY RANGE (YEAR(day)) (PARTITION before_2012 VALUES LESS THAN (2012), PARTITION y2012 VALUES LESS THAN (2013), PARTITION later VALUES LESS THAN MAXVALUE)`,
      rows: rows(scale, (id) => [random.date(), id, random.int(0, 100_000)]),
    },
    {
      name: 'subscribers',
      columns: ['id INT NOT NULL AUTO_INCREMENT PRIMARY KEY', 'email VARCHAR(120) NOT NULL', "until DATE NOT NULL DEFAULT '0000-00-00'", 'KEY email (email)'],
      options: 'ENGINE=InnoDB ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8',
      rows: rows(scale, (id) => [id, `reader${id}@example.org`, random.chance(30) ? '0000-00-00' : random.date()]),
    },
  ];
}

const objects = [
  'CREATE VIEW published_articles AS SELECT id, title, published FROM articles WHERE published IS NOT NULL',
  'CREATE VIEW archive (`Kürzel`, `year`) AS SELECT title, YEAR(published) FROM published_articles',
  'CREATE TRIGGER count_comment AFTER INSERT ON comments FOR EACH ROW INSERT INTO hits VALUES (DATE(NOW()), NEW.article_id, 1) ON DUPLICATE KEY UPDATE hits = hits + 1',
  "CREATE PROCEDURE publish(IN which INT) UPDATE articles SET published = NOW() WHERE id = which",
];

/** What a careless splitter of SQL trips over. */
export const awkwardTexts = [
  "It's \"quoted\"; twice.",
  'A backslash \\ and a tab\there\nand a new line',
  'DELIMITER ;;\nDROP TABLE users;\n-- not a comment',
  "/*!50001 not an executable comment */ # nor this",
  'ENGINE=MyISAM DEFINER=`root`@`localhost` in the data',
  'INSERT INTO `t` VALUES (1);\n/*!40000 ALTER TABLE `t` ENABLE KEYS */;',
  ' leading and trailing spaces ',
  '\\N',
  '',
];
