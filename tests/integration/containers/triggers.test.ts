import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { mainOptions } from '../../../containers/dump/mysqldump.ts';
import { readSourceMetadata } from '../../../containers/dump/source-metadata.ts';
import { readTriggers } from '../../../containers/dump/triggers.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import { clientOptionFile, connectionOptions } from '../../../core/server-access.ts';
import { installTargetServer, mysqlCacheDirectory } from '../../../local/mysql/install.ts';
import type { MySqlPrograms } from '../../../local/mysql/install.ts';
import { startSourceServer } from '../../../local/mysql/source-server.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';

let folder: string;
let programs: MySqlPrograms;
const servers = new Map<string, RunningServer>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferry-triggers-test-'));
  const log = (): void => undefined;
  programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log, searchPath: process.env['PATH'] });
  servers.set('MySQL 5.6', await startSourceServer({ directory: join(folder, 'old'), log }));
  servers.set('a newer MySQL', await startTargetServer({ directory: join(folder, 'new'), log, programs }));
});
after(async () => {
  await Promise.all([...servers.values()].map((server) => server.kill()));
  await rm(folder, { recursive: true, force: true });
});

const database = 'tr`ig gers ü';

/** What makes one trigger's text or settings unlike another's. */
async function makeTriggers(server: RunningServer): Promise<void> {
  const admin = await createConnection({ ...connectionOptions(server.adminAccess), charset: 'utf8mb4' });
  const name = quoteIdentifier(database);
  const made = (trigger: string, body: string, definer = ''): Promise<unknown> => admin.query(`CREATE ${definer} TRIGGER ${trigger} FOR EACH ROW ${body}`);
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET latin1 COLLATE latin1_german1_ci`);
  await admin.query(`USE ${name}`);
  for (const table of ['a', 'b', '`tä ble`']) await admin.query(`CREATE TABLE ${table} (id INT, t VARCHAR(200) CHARACTER SET utf8)`);
  await made('plain BEFORE INSERT ON b', "SET NEW.t = 'a; b'");
  await made('`na``me ü` AFTER DELETE ON `tä ble`', "BEGIN\n  /* a comment; */\n  DECLARE x INT; -- it's one\n  SET x = 1;\nEND");
  await made('defined BEFORE UPDATE ON a', "SET NEW.t = 'é'", 'DEFINER=`we``ird`@`%`');
  await admin.query("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
  await made('quoted BEFORE INSERT ON a', `SET NEW.t = 'C:\\', NEW."id" = 2`);
  await admin.query("SET sql_mode = '', NAMES latin1 COLLATE latin1_german2_ci");
  await made('old_letters BEFORE UPDATE ON b', "SET NEW.t = 'äöü'");
  await admin.query('SET NAMES utf8mb4');
  await admin.query(`ALTER DATABASE ${name} CHARACTER SET utf8 COLLATE utf8_swedish_ci`);
  await made('under_another AFTER INSERT ON b', "SET @x = CONCAT('a', 'b')");
  await admin.end();
}

/** What mysqldump says between its header and its closing lines. */
function saidByMysqldump(server: RunningServer): string {
  const optionFile = join(folder, 'client.cnf');
  const authority = join(folder, 'ca.pem');
  writeFileSync(authority, server.access.ca ?? '');
  writeFileSync(optionFile, clientOptionFile(server.access, authority), { mode: 0o600 });
  const options = mainOptions({ database, allTransactional: true }).filter((option) => !['--routines', '--events', '--skip-triggers'].includes(option));
  const said = execFileSync(programs.mysqldump, [`--defaults-file=${optionFile}`, ...options, '--no-data', '--no-create-info', '--triggers', '--', database]);
  const [, body = ''] = /@@SQL_NOTES[^\n]*\n([\s\S]*?)\/\*!40103 SET TIME_ZONE=@OLD/.exec(said.toString('latin1')) ?? [];
  // A newer mysqldump calls utf8 by its newer name, which an old server does not know.
  return server.version.startsWith('5.') ? body.replaceAll('utf8mb3', 'utf8') : body;
}

async function saidByFerry(server: RunningServer, of = database): Promise<{ sql: string; count: number }> {
  const session = await MysqlSession.open(server.access, { signal: new AbortController().signal });
  try {
    const { defaultCollation, triggers } = await readSourceMetadata(session, of);
    await session.execute('SET NAMES utf8mb4');
    const sql = await readTriggers(session, { database: of, collation: defaultCollation, names: triggers });
    return { sql: sql.toString('latin1'), count: triggers.length };
  } finally {
    await session.close();
  }
}

describe('the triggers of a dump', () => {
  for (const name of ['MySQL 5.6', 'a newer MySQL']) {
    it(`are those of mysqldump, byte for byte, on ${name}`, async () => {
      const server = servers.get(name);
      assert.ok(server);
      await makeTriggers(server);
      const { sql, count } = await saidByFerry(server);
      assert.equal(count, 6);
      assert.equal(sql, saidByMysqldump(server));
    });
  }

  it('have the definer apart, also where mysqldump cuts its name in two', async () => {
    const server = servers.get('a newer MySQL');
    assert.ok(server);
    const admin = await createConnection(connectionOptions(server.adminAccess));
    for (const sql of ['CREATE DATABASE one', 'USE one', 'CREATE TABLE t (id INT)', 'CREATE DEFINER=`a TRIGGER b`@`%` TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1']) {
      await admin.query(sql);
    }
    await admin.end();
    const { sql } = await saidByFerry(server, 'one');
    assert.match(sql, /\/\*!50003 CREATE\*\/ \/\*!50017 DEFINER=`a TRIGGER b`@`%`\*\/ \/\*!50003 TRIGGER `x` BEFORE INSERT/);
  });
});
