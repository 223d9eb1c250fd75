import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { measured } from '../../../containers/common/measured-statements.ts';
import { programText } from '../../../containers/dump/programs/program-text.ts';
import type { ShownProgram } from '../../../containers/dump/programs/program-text.ts';
import { writePrograms } from '../../../containers/dump/programs/write-programs.ts';
import type { Program } from '../../../containers/dump/programs/write-programs.ts';
import { ReadingFollower } from '../../../containers/import/statement-reading.ts';
import { StatementSplitter } from '../../../containers/import/statements.ts';

function split(sql: string, size: number, isMeasured = true): { text: string; rows: string | undefined; object: string | undefined }[] {
  const bytes = Buffer.from(sql, 'latin1');
  const splitter = new StatementSplitter({ measured: isMeasured });
  const statements = [];
  for (let at = 0; at < bytes.length; at += size) statements.push(...splitter.split(bytes.subarray(at, at + size), false));
  statements.push(...splitter.split(Buffer.alloc(0), true));
  return statements.map((statement) => ({ text: statement.bytes.toString('latin1'), rows: statement.measure?.rows, object: statement.measure?.object }));
}

const program: Program = {
  kind: 'procedure',
  name: 'p',
  table: undefined,
  sql: 'CREATE PROCEDURE p() SELECT 1',
  definer: ['root', '%'],
  sqlMode: '',
  characterSet: 'utf8',
  connectionCollation: 'utf8_general_ci',
  databaseCollation: 'latin1_swedish_ci',
  timeZone: undefined,
};
const shop = { name: 'shop', collation: 'latin1_swedish_ci' };

describe('stored programs in a dump', () => {
  it('end where the line before them says, whatever they hold and wherever the dump is cut', () => {
    const traps = fc.array(fc.constantFrom("'", '"', '`', '\\', ';', ';;', '\n', '#', '-- ', '/*', '*/', 'DELIMITER ;;\n', '-- Ferry, the next statement: {"bytes":1,"rows":"after"}\n', 'x', '\x95\x5c'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(traps, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (bodies, size) => {
        const programs = bodies.map((body, index) => ({ ...program, name: `p${index} ü\n`, sql: `CREATE PROCEDURE p() ${body.join('')}` }));
        const sql = `${writePrograms(programs, shop, 'before')}INSERT INTO \`t\` VALUES (1);\n-- Dump completed\n`;
        const found = split(sql, size);
        assert.deepEqual(found.flatMap(({ text, object }) => (object === undefined ? [] : [[text, object]])), programs.map(({ sql: text, name }) => [text, name]));
        assert.equal(found.at(-1)?.text, 'INSERT INTO `t` VALUES (1)');
        assert.ok(found.slice(0, -1).every(({ rows }) => rows === 'before'));
      }),
    );
  });

  it('are cut as ever where the manifest does not say so', () => {
    const sql = `${measured('CREATE TABLE a (b INT); x', { rows: 'before' })}\n;\n`;
    assert.deepEqual(split(sql, 7, false).map(({ text }) => text), ['CREATE TABLE a (b INT)', 'x']);
  });

  it('have settings only where they change, and the collation of their database put back', () => {
    const other = { ...program, name: 'q', databaseCollation: 'utf8_bin' };
    const statements = split(writePrograms([program, { ...program, name: 'o' }, other], shop, 'after'), 1000).map(({ text, object }) => object ?? text);
    assert.match(statements[0] ?? '', /^SET @ferry_client = @@character_set_client, /);
    assert.match(statements.at(-1) ?? '', /^SET character_set_client = @ferry_client, /);
    assert.deepEqual(statements.slice(1, -1), [
      "SET character_set_client = utf8, collation_connection = utf8_general_ci, sql_mode = ''",
      'p',
      'o',
      'SET NAMES utf8mb4',
      'ALTER DATABASE `shop` CHARACTER SET utf8 COLLATE utf8_bin',
      "SET character_set_client = utf8, collation_connection = utf8_general_ci, sql_mode = ''",
      'q',
      'SET NAMES utf8mb4',
      'ALTER DATABASE `shop` CHARACTER SET latin1 COLLATE latin1_swedish_ci',
    ]);
  });

  it('have a delimiter for people that is nowhere in them', () => {
    const sql = writePrograms([{ ...program, sql: "CREATE PROCEDURE p() SELECT ';;', ';end1;'" }], shop, 'before');
    assert.match(sql, /DELIMITER ;end2;\n[^\n]+\nCREATE PROCEDURE p\(\) SELECT ';;', ';end1;'\n;end2;\nDELIMITER ;\n/);
    assert.equal(writePrograms([], shop, 'before'), '');
  });
});

describe('the text of a stored program', () => {
  const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  /** As latin1 writes them; other letters it cannot write. */
  const encode = (texts: readonly string[]): Promise<(string | undefined)[]> => Promise.resolve(texts.map((text) => (/^[\0-\xff]*$/.test(text) ? text : undefined)));
  const shown: ShownProgram = { kind: 'procedure', name: 'é', table: undefined, sqlMode: '', characterSet: 'latin1', statement: '' };
  const head = `CREATE DEFINER=\`${utf8('ü')}\`@\`%\``;

  it('has its name, definer, type and comment in the character set of its client', async () => {
    const statement = `${head} FUNCTION \`${utf8('é')}\`(\`xé)\` INT) RETURNS enum('${utf8('é')}') CHARSET latin1\n    NO SQL\n    DETERMINISTIC\n    COMMENT '${utf8("é''")}\\\\ \\n'\nRETURN 'é'`;
    const { sql, definer } = await programText({ ...shown, kind: 'function', statement }, encode);
    assert.equal(sql, "CREATE DEFINER=`ü`@`%` FUNCTION `é`(`xé)` INT) RETURNS enum('é') CHARSET latin1\n    NO SQL\n    DETERMINISTIC\n    COMMENT 'é''\\\\ \n'\nRETURN 'é'");
    assert.deepEqual(definer, ['ü', '%']);
  });

  it('keeps a name that is as it was typed already, and what is UTF-8 to its client', async () => {
    const statement = "CREATE DEFINER=`a`@`b` TRIGGER é BEFORE INSERT ON `t` FOR EACH ROW SET @é = 1 # '";
    assert.equal((await programText({ ...shown, kind: 'trigger', statement }, encode)).sql, statement);
    const modern = `${head} PROCEDURE \`${utf8('é')}\`()\n    COMMENT '${utf8('é')}\\\\'\nSELECT 1`;
    assert.equal((await programText({ ...shown, characterSet: 'utf8mb3', statement: modern }, encode)).sql, modern);
  });

  it('has the names of a trigger of MySQL 8 in its character set', async () => {
    const statement = `${head} TRIGGER \`${utf8('é')}\` BEFORE INSERT ON \`${utf8('t``é')}\` FOR EACH ROW SET @x = 'é'`;
    const { sql } = await programText({ ...shown, kind: 'trigger', table: 't`é', statement }, encode);
    assert.equal(sql, "CREATE DEFINER=`ü`@`%` TRIGGER `é` BEFORE INSERT ON `t``é` FOR EACH ROW SET @x = 'é'");
  });

  it('has its comment without escapes under NO_BACKSLASH_ESCAPES', async () => {
    const statement = "CREATE EVENT `é` ON SCHEDULE EVERY 1 DAY STARTS '2038-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE ON SLAVE COMMENT 'C:\\\\x''\\n' DO SELECT '\\'";
    const { sql, definer } = await programText({ ...shown, kind: 'event', sqlMode: 'NO_BACKSLASH_ESCAPES', characterSet: 'utf8', statement }, encode);
    assert.equal(sql, statement.replace("'C:\\\\x''\\n'", "'C:\\x''\n'"));
    assert.equal(definer, undefined);
  });

  it('is refused by name where the client could not have written it', async () => {
    const statement = `CREATE DEFINER=\`${utf8('ж')}\`@\`%\` PROCEDURE \`p\`()\nSELECT 1`;
    await assert.rejects(programText({ ...shown, statement }, encode), { name: 'DumpFailed', message: /procedure `é` was made by a client with latin1, which cannot write its "ж"/ });
  });
});

describe('the settings that a statement is read with', () => {
  it('are followed through a dump', () => {
    const follower = new ReadingFollower();
    const after = (sql: string): unknown => {
      follower.follow(sql);
      return follower.follow('SELECT 1');
    };
    const plain = { backslashEscapes: true, ansiQuotes: false, characterSet: 'utf8mb4' };
    assert.deepEqual(after("/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */"), plain);
    assert.deepEqual(after("SET character_set_client = sjis, collation_connection = sjis_bin, sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'"), { backslashEscapes: false, ansiQuotes: true, characterSet: 'sjis' });
    assert.deepEqual(after('/*!50003 SET sql_mode              = @saved_sql_mode */'), { ...plain, characterSet: 'sjis' });
    assert.deepEqual(after('/*!50003 SET character_set_client  = @saved_cs_client */'), plain);
    assert.deepEqual(after('SET NAMES gbk'), { ...plain, characterSet: 'gbk' });
  });
});
