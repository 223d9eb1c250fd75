import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bytesAsText } from '../../../containers/common/mysql-session.ts';
import { Rewriter } from '../../../containers/import/rewrite/rewriter.ts';
import type { DefinerPolicy } from '../../../containers/import/rewrite/rule.ts';
import { rulesWithout } from '../../../containers/import/rewrite/rules.ts';
import { classify } from '../../../containers/import/statement-kinds.ts';
import { conversionNames } from '../../../core/conversions.ts';
import type { ConversionName } from '../../../core/conversions.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import { readingOf } from '../../../core/sql-tokens.ts';

interface Options {
  readonly off?: readonly ConversionName[];
  readonly definers?: DefinerPolicy;
}

const mariadb = '10.11.18-MariaDB';

function rewritten(sql: string, sourceVersion = '5.6.24', { off = [], definers }: Options = {}): { sql: string; rules: string[] } {
  const rewriter = new Rewriter(rulesWithout(off), { sourceVersion, definers });
  const result = rewriter.rewrite(classify(bytesAsText(sql)));
  return { sql: Buffer.from(result, 'latin1').toString('utf8'), rules: rewriter.audit.map(({ rule }) => rule) };
}

function table(columns: string, options: string): string {
  return `CREATE TABLE \`t\` (\n${columns}\n) ${options}`;
}

describe('tables', () => {
  const id = '  `id` int(11) NOT NULL';

  test('any engine becomes InnoDB, in partitions too', () => {
    const partitions = '/*!50100 PARTITION BY HASH (id)\n(PARTITION p0 ENGINE = MyISAM,\n PARTITION p1 ENGINE = MyISAM) */';
    assert.equal(rewritten(table(id, `ENGINE=MyISAM DEFAULT CHARSET=latin1\n${partitions}`)).sql, table(id, `ENGINE=InnoDB DEFAULT CHARSET=latin1\n${partitions.replaceAll('MyISAM', 'InnoDB')}`));
    for (const engine of ['MEMORY', 'ARCHIVE', 'Aria', 'CSV', 'BLACKHOLE']) assert.deepEqual(rewritten(table(id, `ENGINE=${engine}`)).sql, table(id, 'ENGINE=InnoDB'));
  });

  test('a table that is as it should be stays as it is', () => {
    const sql = table('  `id` int(11) NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`id`)', 'ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=latin1 ROW_FORMAT=DYNAMIC');
    assert.deepEqual(rewritten(sql), { sql, rules: [] });
  });

  test('names and comments that look like options are left alone', () => {
    const sql = table("  `ENGINE=MyISAM` int COMMENT 'ENGINE=MyISAM ROW_FORMAT=FIXED, CHARSET=utf8mb4'", "ENGINE=InnoDB DEFAULT CHARSET=latin1 COMMENT='KEY_BLOCK_SIZE=8 ENGINE=MyISAM'");
    assert.equal(rewritten(sql).sql, sql);
  });

  test('row formats that Aurora lacks or that shorten keys go', () => {
    assert.equal(rewritten(table(id, 'ENGINE=InnoDB DEFAULT CHARSET=latin1 ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8')).sql, table(id, 'ENGINE=InnoDB DEFAULT CHARSET=latin1'));
    const indexed = table(`${id},\n  KEY \`k\` (\`id\`) KEY_BLOCK_SIZE=4`, 'ENGINE=InnoDB ROW_FORMAT=FIXED');
    assert.equal(rewritten(indexed).sql, table(`${id},\n  KEY \`k\` (\`id\`)`, 'ENGINE=InnoDB'));
  });

  test('directories and tablespaces go', () => {
    assert.equal(rewritten(table(id, "ENGINE=InnoDB DEFAULT CHARSET=latin1 DATA DIRECTORY='/a b/' INDEX DIRECTORY='/c/'")).sql, table(id, 'ENGINE=InnoDB DEFAULT CHARSET=latin1'));
    assert.equal(rewritten(table(id, '/*!50100 TABLESPACE `ts` */ ENGINE=InnoDB')).sql, table(id, '/*!50100 */ ENGINE=InnoDB'));
  });

  test('utf8mb4 keeps the collation that it had by default', () => {
    const columns = "  `a` varchar(9) CHARACTER SET utf8mb4 DEFAULT 'x',\n  `b` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    const result = rewritten(table(columns, 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4'));
    assert.equal(result.sql, table(columns.replace("utf8mb4 DEFAULT", "utf8mb4 COLLATE utf8mb4_general_ci DEFAULT"), 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci'));
    const explicit = table(id, 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci');
    assert.equal(rewritten(explicit).sql, explicit);
  });

  test('a source whose default is the target’s is believed', () => {
    const sql = table(id, 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4');
    assert.equal(rewritten(sql, '8.0.36').sql, sql);
    assert.notEqual(rewritten(sql, '10.11.6-MariaDB').sql, sql);
  });

  test('an AUTO_INCREMENT column that no index begins with gets one', () => {
    const columns = '  `g` int(11) NOT NULL,\n  `n` int(11) NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`g`,`n`)';
    assert.equal(rewritten(table(columns, 'ENGINE=MyISAM')).sql, `CREATE TABLE \`t\` (\n${columns}\n, KEY (\`n\`)) ENGINE=InnoDB`);
    const served = table(`${columns},\n  UNIQUE KEY \`u\` (\`n\`,\`g\`)`, 'ENGINE=InnoDB');
    assert.equal(rewritten(served).sql, served);
  });

  test('a MERGE table is refused by name', () => {
    assert.throws(() => rewritten(table(id, 'ENGINE=MRG_MyISAM UNION=(`a`,`b`)')), { name: 'ImportRejected', message: /Table `t` is a MERGE table/ });
  });
});

describe('the list of rules', () => {
  test('is the one that the command line knows', () => {
    // The target itself leaves out events whose time is over: the import asks which.
    assert.deepEqual([...rulesWithout([]).map(({ name }) => name), 'expired-event'].sort(), conversionNames.toSorted());
  });

  test('a rule that is switched off changes nothing', () => {
    const sql = table('  `id` int', 'ENGINE=MyISAM PACK_KEYS=1');
    assert.equal(rewritten(sql, '5.6.24', { off: ['storage-engine'] }).sql, table('  `id` int', 'ENGINE=MyISAM'));
  });
});

describe('rows', () => {
  test('come out byte for byte as they went in, whatever they hold', () => {
    const traps = ['ENGINE=MyISAM', 'AsText(g)', '/*!999999\\\\- ', 'DEFAULT uuid()', 'SET sql_mode=', 'utf8mb4', 'DEFINER=`a`@`b`', 'YEAR(2)', 'ROW_FORMAT=FIXED', '_nopad_', 'CONSTRAINT_1'];
    const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value).toString('latin1'));
    const value = fc.array(fc.oneof(bytes, fc.constantFrom(...traps)), { maxLength: 6 }).map((parts) => parts.join(''));
    const definers = { isOnTarget: () => false, replacement: '`x`@`y`' };
    fc.assert(
      fc.property(fc.constantFrom('INSERT INTO `t` VALUES', 'INSERT IGNORE INTO `t` (`a`) VALUES', 'REPLACE INTO t VALUES'), value, (start, text) => {
        const statement = classify(`${start} ('${text}')`);
        const rewriter = new Rewriter(rulesWithout([]), { sourceVersion: mariadb, definers });
        assert.equal(statement.kind, 'rows');
        assert.equal(rewriter.rewrite(statement), statement.sql);
        assert.deepEqual(rewriter.audit, []);
      }),
    );
  });
});

describe('options of engines', () => {
  const id = '  `id` int(11) NOT NULL';

  test('of MyISAM and MERGE go, and nothing that is named like them', () => {
    const options = "MIN_ROWS=1 PACK_KEYS=1 INSERT_METHOD=LAST UNION=(`a`,`b`) CHECKSUM=1 DELAY_KEY_WRITE=1 COMMENT='CHECKSUM=1'";
    assert.equal(rewritten(table(`${id} COMMENT 'PACK_KEYS=1'`, `ENGINE=InnoDB ${options}`)).sql, table(`${id} COMMENT 'PACK_KEYS=1'`, "ENGINE=InnoDB MIN_ROWS=1 COMMENT='CHECKSUM=1'"));
  });

  test('of MariaDB go, quoted ones too', () => {
    assert.equal(rewritten(table(id, 'ENGINE=Aria PAGE_CHECKSUM=1 ROW_FORMAT=PAGE TRANSACTIONAL=1'), mariadb).sql, table(id, 'ENGINE=InnoDB'));
    assert.equal(rewritten(table(id, 'ENGINE=InnoDB `page_compressed`=1 `encrypted`=no'), mariadb).sql, table(id, 'ENGINE=InnoDB'));
  });
});

describe('what MariaDB writes otherwise', () => {
  test('defaults that are expressions get parentheses', () => {
    const columns = (open: string, close: string): string =>
      [
        "  `a` varchar(36) DEFAULT U COMMENT 'DEFAULT uuid()'",
        '  `b` text DEFAULT L NOT NULL',
        '  `c` datetime(3) DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3)',
        '  `d` longtext DEFAULT NULL',
        "  `e` varchar(9) DEFAULT 'x'",
        '  `f` int DEFAULT (1 + 2)',
      ]
        .join(',\n')
        .replace('DEFAULT U', `DEFAULT ${open}concat('a',lcase('B'))${close}`)
        .replace('DEFAULT L', `DEFAULT ${open}'it''s'${close}`);
    assert.equal(rewritten(table(columns('', ''), 'ENGINE=InnoDB'), mariadb).sql, table(columns('(', ')'), 'ENGINE=InnoDB'));
    assert.deepEqual(rewritten(table(columns('', ''), 'ENGINE=InnoDB'), '5.7.44').rules, []);
  });

  test('checks lose the names that MariaDB gave, not those of people', () => {
    const columns = '  `a` int CHECK (`a` > 0),\n  CONSTRAINT `CONSTRAINT_1` CHECK (`a` < 9),\n  CONSTRAINT `small` CHECK (`a` < 99)';
    assert.equal(rewritten(table(columns, 'ENGINE=InnoDB'), mariadb).sql, table(columns.replace('CONSTRAINT `CONSTRAINT_1` ', ''), 'ENGINE=InnoDB'));
  });

  const collations: [string, string][] = [
    ['utf8mb4_uca1400_ai_ci', 'utf8mb4_0900_ai_ci'],
    ['utf8mb4_uca1400_as_cs', 'utf8mb4_0900_as_cs'],
    ['utf8mb4_uca1400_nopad_as_ci', 'utf8mb4_0900_as_ci'],
    ['utf8mb3_uca1400_ai_ci', 'utf8mb3_unicode_520_ci'],
    ['utf8mb4_nopad_bin', 'utf8mb4_0900_bin'],
    ['latin1_swedish_nopad_ci', 'latin1_swedish_ci'],
    ['utf8mb4_unicode_520_nopad_ci', 'utf8mb4_unicode_520_ci'],
    ['utf8mb4_uca1400_german2_ai_ci', 'utf8mb4_uca1400_german2_ai_ci'],
    ['utf8mb4_unicode_ci', 'utf8mb4_unicode_ci'],
  ];
  for (const [from, to] of collations) {
    test(`the collation ${from} becomes ${to}`, () => {
      assert.equal(rewritten(table('  `a` text', `ENGINE=InnoDB DEFAULT CHARSET=x COLLATE=${from}`), mariadb).sql, table('  `a` text', `ENGINE=InnoDB DEFAULT CHARSET=x COLLATE=${to}`));
    });
  }

  for (const sql of ['/*M!100616 SET @OLD_NOTE_VERBOSITY=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */', '/*!100200 SET a=1 */', '/*M!999999\\- enable the sandbox mode */ ', '/*!999999\\- enable the sandbox mode */ ']) {
    test(`${sql} is left out`, () => {
      assert.equal(rewritten(sql, mariadb).sql, '');
    });
  }

  const refused: [string, RegExp][] = [
    [table('  `a` uuid DEFAULT NULL', 'ENGINE=InnoDB'), /Column `a` of table `t` is of the type uuid.*CHAR\(36\)/],
    [table('  `y` year(2) DEFAULT NULL', 'ENGINE=InnoDB'), /Column `y` of table `t` is YEAR\(2\).*MODIFY `y` YEAR\(4\)/],
    [table('  `n` bigint(21) NOT NULL', 'ENGINE=InnoDB SEQUENCE=1'), /`t` is a sequence of MariaDB/],
    [table('  `n` int', 'ENGINE=InnoDB WITH SYSTEM VERSIONING'), /`t` is a table with system versioning/],
    [table('  `n` date,\n  PERIOD FOR `p` (`n`, `n`)', 'ENGINE=InnoDB'), /`t` is a table with a period/],
    [table('  `n` int', "ENGINE=FEDERATED CONNECTION='mysql://h/d/t'"), /Table `t` is of the engine FEDERATED/],
  ];
  for (const [sql, message] of refused) {
    test(`refused by name: ${String(message)}`, () => {
      assert.throws(() => rewritten(sql, mariadb), { name: 'ImportRejected', message });
      assert.equal(rewritten(sql, mariadb, { off: ['mariadb-type', 'year-two-digits', 'mariadb-table', 'remote-engine', 'storage-engine'] }).sql, sql);
    });
  }

  test('names that look like types, and types in comments, are not refused', () => {
    const sql = table("  `uuid` char(36) COMMENT '` uuid, year(2)',\n  `year(2)` year(4)", "ENGINE=InnoDB COMMENT='SEQUENCE=1 WITH SYSTEM VERSIONING'");
    assert.equal(rewritten(sql, mariadb).sql, sql);
  });
});

describe('bodies', () => {
  const routine = (body: string): string => `CREATE DEFINER=\`u\`@\`h\` PROCEDURE \`p\`(a VARCHAR(9) CHARSET latin1) ${body}`;

  test('spatial functions get their new names, as calls only', () => {
    const before = routine("BEGIN INSERT INTO area (x, y) SELECT AsText(g), GLength (g), `AsText`, 'AsText(g)' /* AsText(g) */ FROM t WHERE Contains(a, b) AND X(g) > shop.Area(g); CALL distance(1); END");
    const after = before.replace('SELECT AsText(g), GLength (', 'SELECT ST_AsText(g), ST_Length (').replace('Contains(', 'MBRContains(').replace('X(g)', 'ST_X(g)');
    assert.equal(rewritten(before).sql, after);
  });

  test('utf8mb4 keeps its collation in parameters, results and variables, and is left alone in casts', () => {
    const before = 'CREATE FUNCTION `f`(a CHAR(9) CHARSET utf8mb4) RETURNS char(9) CHARSET utf8mb4 BEGIN DECLARE b CHAR(9) CHARACTER SET utf8mb4 DEFAULT CAST(a AS CHAR CHARACTER SET utf8mb4); SET NAMES utf8mb4; RETURN CONVERT(b USING utf8mb4); END';
    const general = 'utf8mb4 COLLATE utf8mb4_general_ci';
    const after = before.replace('CHARSET utf8mb4)', `CHARSET ${general})`).replace('CHARSET utf8mb4 BEGIN', `CHARSET ${general} BEGIN`).replace('SET utf8mb4 DEFAULT', `SET ${general} DEFAULT`);
    assert.equal(rewritten(before).sql, after);
  });

  const definers = { isOnTarget: (user: string, host: string) => user === 'kept' && host === '%', replacement: '`new`@`%`' };
  const objects = ['VIEW `v` AS SELECT 1', 'TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a=1', 'PROCEDURE `p`() SELECT 1', 'EVENT `e` ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1'];
  for (const object of objects) {
    test(`a definer that the target lacks is replaced when a replacement is named: ${object.slice(0, 9)}`, () => {
      const sql = (account: string): string => `/*!50003 CREATE*/ /*!50017 DEFINER=${account}*/ /*!50003 ${object}, 'DEFINER=\`gone\`@\`h\`' */`;
      assert.equal(rewritten(sql('`go``ne`@`h`'), '5.6.24', { definers }).sql, sql('`new`@`%`'));
      assert.equal(rewritten(sql('`kept`@`%`'), '5.6.24', { definers }).sql, sql('`kept`@`%`'));
      assert.equal(rewritten(sql('`gone`@`h`')).sql, sql('`gone`@`h`'));
    });
  }
});

describe('settings', () => {
  const untouched = ['/*!40101 SET NAMES utf8mb4 */', "/*!40103 SET TIME_ZONE='+00:00' */", "SET sql_mode = 'NO_ENGINE_SUBSTITUTION'", '/*!50003 SET sql_mode = @saved_sql_mode */'];
  for (const sql of untouched) {
    test(`${sql} stays`, () => {
      assert.deepEqual(rewritten(sql), { sql, rules: [] });
    });
  }

  test('sql_mode loses the words that MySQL 8 does not know', () => {
    assert.equal(
      rewritten("/*!50003 SET sql_mode              = 'STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER,MYSQL40,ANSI_QUOTES' */").sql,
      "/*!50003 SET sql_mode              = 'STRICT_TRANS_TABLES,ANSI_QUOTES' */",
    );
  });

  const leftOut = [
    "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'uuid:1-5'",
    'SET @@SESSION.SQL_LOG_BIN= 0',
    'SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN',
    "CHANGE MASTER TO MASTER_LOG_FILE='mysql-bin.000001', MASTER_LOG_POS=4",
    '/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */',
  ];
  for (const sql of leftOut) {
    test(`${sql} is left out`, () => {
      assert.equal(rewritten(sql).sql, '');
    });
  }
});

describe('events', () => {
  const event = (state: string): string => `/*!50106 CREATE*/ /*!50117 DEFINER=\`enable\`@\`%\`*/ /*!50106 EVENT \`do\` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE ${state}DO update t set a = 'ENABLE' */`;

  test('are created disabled', () => {
    assert.equal(rewritten(event('ENABLE ')).sql, event('DISABLE '));
    assert.equal(rewritten(event('')).sql, event('DISABLE '));
    assert.deepEqual(rewritten(event('DISABLE ')).rules, []);
  });
});

describe('what a statement is', () => {
  const kinds: [string, string, string][] = [
    ['/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`table`@`%` SQL SECURITY DEFINER */\n/*!50001 VIEW `a v` AS select 1 */', 'view', 'a v'],
    ['CREATE DEFINER=`u`@`h` PROCEDURE `trigger`() BEGIN CREATE TABLE x (a int); END', 'routine', 'trigger'],
    ['/*!50003 CREATE*/ /*!50017 DEFINER=`u`@`h`*/ /*!50003 TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a=1 */', 'trigger', 'tr'],
    ['CREATE DATABASE /*!32312 IF NOT EXISTS*/ `db` /*!40100 DEFAULT CHARACTER SET utf8 */', 'database', 'db'],
    ['ALTER DATABASE `db` CHARACTER SET utf8 COLLATE utf8_bin', 'database', 'db'],
    ['DROP TABLE IF EXISTS `t`', 'drop', 't'],
    ['/*!40000 ALTER TABLE `t` DISABLE KEYS */', 'keys', 't'],
    ['LOCK TABLES `t` WRITE', 'lock', ''],
    ['USE `db`', 'use', 'db'],
    ['INSERT  IGNORE INTO `a``b` (`x`) VALUES (1)', 'rows', 'a`b'],
    ['REPLACE INTO db.t VALUES (1)', 'rows', 'db.t'],
  ];
  for (const [sql, kind, object] of kinds) {
    test(sql.slice(0, 50), () => {
      const found = classify(sql);
      assert.deepEqual([found.kind, found.object], [kind, object]);
    });
  }

  test('whatever its name, a table is found and only its engine is changed', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => !/[\0\p{Cs}]/u.test(text));
    fc.assert(
      fc.property(name, name, (tableName, column) => {
        const sql = `CREATE TABLE ${quoteIdentifier(tableName)} (\n  ${quoteIdentifier(column)} int\n) ENGINE=MyISAM`;
        assert.equal(rewritten(sql).sql, sql.replace(/MyISAM$/, 'InnoDB'));
        assert.equal(Buffer.from(classify(bytesAsText(sql)).object, 'latin1').toString(), tableName);
      }),
    );
  });
});

describe('bodies are read as the target reads them', () => {
  const before = '5.6.24';
  const run = (body: string, sqlMode: string, characterSet: string): string => {
    const rewriter = new Rewriter(rulesWithout([]), { sourceVersion: before });
    return rewriter.rewrite(classify(`CREATE PROCEDURE p() ${body}`, readingOf(sqlMode, characterSet))).replace('CREATE PROCEDURE p() ', '');
  };
  const cases: [name: string, body: string, sqlMode: string, characterSet: string, after: string][] = [
    ['a backslash is a letter', String.raw`SELECT 'C:\', AsText(g), 'AsText(g)'`, 'NO_BACKSLASH_ESCAPES', 'utf8', String.raw`SELECT 'C:\', ST_AsText(g), 'AsText(g)'`],
    ['a backslash escapes', String.raw`SELECT '\', AsText(g), ', AsText(h)`, '', 'utf8', String.raw`SELECT '\', AsText(g), ', ST_AsText(h)`],
    ['double quotes are those of a name', String.raw`SELECT "AsText\"(g), AsText(g)`, 'ANSI_QUOTES', 'utf8', String.raw`SELECT "AsText\"(g), ST_AsText(g)`],
    ...['gbk', 'sjis', 'big5', 'cp932', 'gb18030'].map((characterSet): (typeof cases)[number] => [
      `the second byte of a letter of ${characterSet} is no backslash`,
      "SELECT '\xe0\x5c', AsText(g), '\xe0\x5c'",
      '',
      characterSet,
      "SELECT '\xe0\x5c', ST_AsText(g), '\xe0\x5c'",
    ]),
    [
      'a collation is written out under gbk too',
      "BEGIN DECLARE x CHAR(9) CHARSET utf8mb4 DEFAULT '\x81\x5c'; END",
      '',
      'gbk',
      "BEGIN DECLARE x CHAR(9) CHARSET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT '\x81\x5c'; END",
    ],
  ];
  for (const [name, body, sqlMode, characterSet, after] of cases) {
    test(name, () => {
      assert.equal(run(body, sqlMode, characterSet), after);
    });
  }

  test('a name in double quotes is told without them', () => {
    assert.equal(classify('CREATE DEFINER="a"@"b" FUNCTION "f""x"() RETURNS INT RETURN 1', readingOf('ANSI_QUOTES', 'utf8')).object, 'f"x');
  });
});
