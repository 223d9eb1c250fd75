/** Stored programs that are hard to carry over, made by clients of many character sets, and what they answer. */
import assert from 'node:assert/strict';
import type { RowDataPacket } from 'mysql2/promise';
import { bytesAsText, MysqlSession } from '../../../containers/common/mysql-session.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { Bench } from './bench.ts';

/** A letter of each character set, each character a byte. The second byte of some is a backslash or an accent grave. */
const letters: Readonly<Record<string, string>> = {
  latin1: '\xe9',
  latin2: '\xb1',
  cp1251: '\xe6',
  koi8r: '\xd6',
  sjis: '\x95\x5c',
  cp932: '\x95\x5c',
  gbk: '\x81\x5c',
  big5: '\xa5\x5c',
  ujis: '\xa5\xa2',
  euckr: '\xb0\xa1',
  utf8: '\xc3\xa9',
  utf8mb4: '\xc3\xa9',
  binary: '\xc3\xa9',
};

const unsafeNames = new Set(['sjis', 'cp932', 'gbk', 'big5']);

/** Endings of bodies, after which a delimiter must still be seen, and what looks like one. */
const traps = ['# five', '-- nightly', '/* ;; */', "/* it's */", '/*!50000 */ -- x */', '\n# DELIMITER ;;\n-- $$', '# `'];

export async function bytesSession(access: ServerAccess, database?: string): Promise<MysqlSession> {
  const session = await MysqlSession.open(access, { signal: new AbortController().signal, bytes: true });
  if (database !== undefined) await session.execute(`USE \`${database}\``);
  return session;
}

/** One of each kind by each client, with that client's letter in its name, comment, body and parameters. */
export async function makePrograms(access: ServerAccess, database: string): Promise<void> {
  const session = await bytesSession(access);
  const run = (sql: string): Promise<unknown> => session.executeBytes(sql);
  await run(`CREATE DATABASE ${database} CHARACTER SET latin1`);
  await run(`USE ${database}`);
  await run('CREATE TABLE said (what VARBINARY(100)) ENGINE=InnoDB');
  for (const [index, [characterSet, letter]] of Object.entries(letters).entries()) {
    await run('SET NAMES utf8');
    await run(`CREATE TABLE t_${characterSet} (id INT) ENGINE=InnoDB`);
    await run(`SET NAMES ${characterSet}`);
    const trap = traps[index % traps.length] ?? '';
    for (const [mode, backslash] of [['', '\\\\'], ['NO_BACKSLASH_ESCAPES,ANSI_QUOTES', '\\']] as const) {
      await run(`SET sql_mode = '${mode}'`);
      // MySQL 8 cannot read every name back that such a client gave.
      const name = `${mode === '' ? 'a' : 'n'}_${characterSet}${unsafeNames.has(characterSet) ? '' : `_${letter}`}`;
      const text = `'${letter};;${backslash}'`;
      // Every value comes from its bytes: what the server makes of a comment or a name must not matter.
      await run(`CREATE FUNCTION \`${name}\`() RETURNS VARBINARY(100) DETERMINISTIC COMMENT ${text} RETURN ${text} ${trap}`);
      await run(`CREATE PROCEDURE \`${name}\`(\`p${letter}\` VARCHAR(9)) COMMENT '${letter}''${backslash}\n' INSERT INTO said VALUES (${text}) ${trap}`);
      const time = mode === '' ? 'BEFORE' : 'AFTER';
      await run(`CREATE TRIGGER \`${name}\` ${time} INSERT ON t_${characterSet} FOR EACH ROW INSERT INTO said VALUES (${text}) ${trap}`);
      await run(`CREATE EVENT \`${name}\` ON SCHEDULE EVERY 1 DAY STARTS '2038-01-01 00:00:00' COMMENT ${text} DO SELECT ${text} ${trap}`);
    }
  }
  await run("SET NAMES latin1, sql_mode = ''");
  await run("CREATE TABLE `t\xe9` (id INT) ENGINE=InnoDB");
  await run("CREATE TRIGGER `t\xe9` AFTER INSERT ON `t\xe9` FOR EACH ROW INSERT INTO said VALUES (CONCAT('\xe9', ';;', CHAR(92)))");
  await run('SET NAMES utf8');
  // A parameter without a character set has that of its database, as it was then.
  await run(`ALTER DATABASE ${database} CHARACTER SET utf8 COLLATE utf8_swedish_ci`);
  await run("CREATE PROCEDURE swedish(x VARCHAR(9)) INSERT INTO said VALUES (CONCAT(_latin1 x'e9', ';;', CHAR(92)))");
  await run(`ALTER DATABASE ${database} CHARACTER SET latin1 COLLATE latin1_swedish_ci`);
  await run("CREATE VIEW calls AS SELECT HEX(`a_latin1_\xc3\xa9`()) AS x");
  await run('INSERT INTO t_latin1 VALUES (1)');
  await session.close();
}

export interface Answers {
  readonly functions: Readonly<Record<string, string>>;
  readonly said: readonly string[];
  readonly comments: Readonly<Record<string, string>>;
}

/** What the programs say when they are run, and their comments, as hexadecimal digits of UTF-8 or of their own bytes. */
export async function answersOf(access: ServerAccess, database: string): Promise<Answers> {
  const session = await bytesSession(access, database);
  await session.execute("SET NAMES utf8mb4, sql_mode = ''");
  const list = (sql: string): Promise<Record<string, string>[]> => session.query<RowDataPacket>(sql);
  const own = `= BINARY '${database}'`;
  const routines = await list(`SELECT ROUTINE_TYPE AS kind, HEX(ROUTINE_NAME) AS name, HEX(ROUTINE_COMMENT) AS comment FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA ${own} ORDER BY 1, 2`);
  const events = await list(`SELECT 'EVENT' AS kind, HEX(EVENT_NAME) AS name, HEX(EVENT_COMMENT) AS comment FROM information_schema.EVENTS WHERE EVENT_SCHEMA ${own} ORDER BY 2`);
  const functions: Record<string, string> = {};
  for (const { kind, name = '' } of routines) {
    const quoted = `\`${bytesAsText(Buffer.from(name, 'hex').toString('utf8'))}\``;
    if (kind === 'PROCEDURE') await session.executeBytes(`CALL ${quoted}('x')`);
    else functions[name] = await answerOf(session, quoted);
  }
  for (const characterSet of Object.keys(letters)) await session.execute(`INSERT INTO t_${characterSet} VALUES (1)`);
  await session.execute('INSERT INTO `té` VALUES (1)');
  const said = await list('SELECT HEX(what) AS what FROM said ORDER BY what');
  await session.close();
  return {
    functions,
    said: said.map(({ what = '' }) => what),
    comments: Object.fromEntries([...routines, ...events].map(({ kind = '', name = '', comment = '' }) => [`${kind} ${name}`, comment])),
  };
}

async function answerOf(session: MysqlSession, quotedBytes: string): Promise<string> {
  const [row] = await session.queryBytes(`SELECT HEX(${quotedBytes}())`);
  return row?.[0]?.toString('latin1') ?? '';
}

/** Dumps, imports and verifies. @throws AssertionError with what the program said */
export async function arrives(bench: Bench, database: string): Promise<void> {
  for (const stage of ['dump', 'import'] as const) {
    const { exitCode, stderr } = await bench.run(stage, database);
    assert.equal(exitCode, 0, `${stage} of ${database}: ${stderr}`);
  }
}

/** The same words from both, with their own bytes. */
export async function checkPrograms(bench: Bench, database: string): Promise<void> {
  await makePrograms(bench.source.adminAccess, database);
  // To read a view is to run the functions that it calls.
  const [[account]] = await bench.sourceAdmin.query<RowDataPacket[]>('SELECT host AS host FROM mysql.user WHERE user = ?', [bench.source.access.username]);
  await bench.sourceAdmin.query(`GRANT EXECUTE ON ${database}.* TO ?@?`, [bench.source.access.username, account?.['host']]);
  // Whose programs they are.
  await bench.targetAdmin.query("CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' ACCOUNT LOCK; GRANT SELECT, INSERT, EXECUTE, TRIGGER, EVENT ON *.* TO 'root'@'127.0.0.1'");
  await arrives(bench, database);
  const [source, target] = [await answersOf(bench.source.adminAccess, database), await answersOf(bench.target.adminAccess, database)];
  assert.deepEqual(target, source);
  assert.equal(Object.keys(source.functions).length, 2 * Object.keys(letters).length);
  const words = Object.values(letters).map((letter) => Buffer.from(`${letter};;\\`, 'latin1').toString('hex').toUpperCase());
  assert.deepEqual(new Set(Object.values(source.functions)), new Set(words));
  assert.deepEqual(new Set(source.said), new Set(words));
}

/** What two databases whose names differ by case have, apart from the programs that only one of them has. */
const common = [
  'CREATE TABLE said (what VARCHAR(100)) ENGINE=InnoDB',
  "CREATE FUNCTION who() RETURNS VARCHAR(9) DETERMINISTIC RETURN 'DATABASE'",
  "CREATE PROCEDURE say() INSERT INTO said VALUES ('DATABASE')",
  "CREATE TRIGGER added BEFORE INSERT ON said FOR EACH ROW SET NEW.what = CONCAT('DATABASE', NEW.what)",
  "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM said WHERE what = 'DATABASE'",
];

/**
 * Pairs of databases apart by case: with the same programs, and with programs of one of them only.
 * @param migrated all of them, or some
 */
export async function checkCase(bench: Bench, migrated: readonly string[] = ['shop', 'Shop', 'bare', 'Bare', 'Only', 'only']): Promise<void> {
  for (const [database, programs] of Object.entries({ Shop: common, shop: common, Bare: common, bare: common.slice(0, 1), only: common, Only: [] })) {
    await bench.sourceAdmin.query(`CREATE DATABASE ${database} CHARACTER SET latin1`);
    await bench.sourceAdmin.query(`USE ${database}`);
    for (const sql of programs) await bench.sourceAdmin.query(sql.replaceAll('DATABASE', database));
    if (programs.length > 0) await bench.sourceAdmin.query(`CREATE VIEW seen AS SELECT what, '${database}' AS name FROM said`);
  }
  for (const database of migrated) await arrives(bench, database);
  for (const database of migrated.filter((each) => !['bare', 'Only'].includes(each))) {
    // A session of its own: one remembers routines without regard to the case of their database.
    const session = await bytesSession(bench.target.adminAccess);
    assert.equal((await session.queryBytes(`SELECT ${database}.who()`))[0]?.[0]?.toString(), database);
    await session.close();
  }
}
