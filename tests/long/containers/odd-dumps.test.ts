/** Dumps by hand with mysqldump's options in many ways: each arrives with its manifest made by `ferry dump-manifest`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { RowDataPacket } from 'mysql2';
import { readDump, readHeader } from '../../../cli/dump-manifest/read-dump.ts';
import { handMadeAttempt, manifestKey } from '../../../core/names.ts';
import { clientOptionFile } from '../../../core/server-access.ts';
import { installPrograms, temporaryFolder } from '../../support/servers.ts';
import { Bench, migration } from '../../integration/containers/bench.ts';

let bench: Bench;
let folder: string;
let mysqldump: string;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

before(async () => {
  bench = await Bench.start(started);
  folder = await temporaryFolder(started);
  mysqldump = join((await installPrograms()).binDirectory, 'mysqldump');
  await writeFile(join(folder, 'client.cnf'), clientOptionFile({ ...bench.source.access, tls: 'disabled' }, ''), { mode: 0o600 });
});

const options: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  whole_databases: ['--add-drop-database', '--databases'],
  one_row_each: ['--skip-extended-insert', '--complete-insert'],
  with_replace: ['--replace', '--add-drop-table'],
  with_ignore: ['--insert-ignore', '--order-by-primary', '--no-autocommit'],
  ansi_quotes: ['--compatible=ansi'],
  skip_opt: ['--skip-opt', '--skip-tz-utc'],
  compact: ['--compact'],
  unquoted: ['--skip-quote-names'],
  all_objects: ['--routines', '--events', '--add-drop-trigger', '--hex-blob'],
  in_latin1: ['--default-character-set=latin1', '--dump-date'],
};

const definitions = (database: string): string => `CREATE DATABASE ${database} CHARACTER SET utf8mb4;
  CREATE TABLE ${database}.hollow (a INT) ENGINE=MyISAM;
  CREATE TABLE ${database}.parent (id INT AUTO_INCREMENT PRIMARY KEY, note TEXT, bytes BLOB, b BIT(3)) ENGINE=InnoDB;
  CREATE TABLE ${database}.child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES ${database}.parent (id)) ENGINE=InnoDB;
  INSERT INTO ${database}.parent VALUES (1, 'it''s; "so"\\n-- x', 0x00275C3B0A, b'101'), (2, 'größe', NULL, NULL), (3, '', '', b'0');
  INSERT INTO ${database}.child VALUES (1, 1), (2, NULL);
  CREATE SQL SECURITY INVOKER VIEW ${database}.v AS SELECT id, note FROM ${database}.parent;
  CREATE PROCEDURE ${database}.p() BEGIN SELECT 1; SELECT ';;'; END;
  CREATE TRIGGER ${database}.g BEFORE INSERT ON ${database}.child FOR EACH ROW BEGIN SET @a = ';'; SET @b = 2; END`;

for (const [name, given] of Object.entries(options)) {
  test(`mysqldump ${given.join(' ')}`, async () => {
    await bench.sourceAdmin.query(definitions(name));
    const file = join(folder, `${name}.sql`);
    const args = [`--defaults-file=${join(folder, 'client.cnf')}`, '--column-statistics=0', '--set-gtid-purged=OFF', '--no-tablespaces', ...given, name];
    const { stdout } = await promisify(execFile)(mysqldump, args, { encoding: 'buffer', maxBuffer: 1e8 });
    await writeFile(file, gzipSync(stdout));
    const header = await readHeader(file);
    const { part, tables } = await readDump(file, name, header.sourceVersion ?? '5.6.24');
    assert.deepEqual(Object.fromEntries(tables.map((table) => [table.name, table.rows])), { hollow: 0, parent: 3, child: 2 });
    const key = `${migration}/dumps/${name}/manual/dump.sql.gz`;
    await bench.put(key, await readFile(file));
    const manifest = { format: 1, migration, database: name, attempt: handMadeAttempt, createdAt: '', tool: header.tool ?? '', options: [], sourceVersion: '5.6.24', defaultCharacterSet: 'utf8mb4', defaultCollation: 'utf8mb4_general_ci', parts: [{ role: 'main', key, ...part }], tables };
    await bench.put(manifestKey(migration, name, handMadeAttempt), JSON.stringify(manifest));
    const ended = await bench.run('import', name, 1, { DUMP_MANIFEST: manifestKey(migration, name, handMadeAttempt) });
    assert.equal(ended.exitCode, 0, ended.stderr);
    for (const query of [`SELECT * FROM ${name}.parent ORDER BY id`, `SELECT * FROM ${name}.child ORDER BY id`, `SELECT * FROM ${name}.v ORDER BY id`]) {
      const [[source], [target]] = await Promise.all([bench.sourceAdmin.query<RowDataPacket[]>(query), bench.targetAdmin.query<RowDataPacket[]>(query)]);
      assert.deepEqual(target, source);
    }
    const [triggers] = await bench.targetAdmin.query<RowDataPacket[]>('SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?', [name]);
    assert.equal(triggers.length, 1);
  });
}
