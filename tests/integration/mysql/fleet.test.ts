import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';
import { checkDatabaseName } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { compareFleet, fingerprintDatabase } from '../../../local/fleet/compare.ts';
import { fleetNames, largeDatabase } from '../../../local/fleet/names.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import type { FleetSummary } from '../../../local/fleet/seed.ts';
import { startSourceServer } from '../../../local/mysql/source-server.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { killed, lean, log, temporaryFolder } from '../../support/servers.ts';

const databases = 8;
let first: RunningServer;
let second: RunningServer;
let summary: FleetSummary;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

before(async () => {
  const directory = await temporaryFolder(started);
  const start = async (name: string) => killed(started, await startSourceServer({ directory: join(directory, name), log, serverOptions: lean }));
  [first, second] = await Promise.all([start('first'), start('second')]);
  [summary] = (await Promise.all([first, second].map((server) => seedFleet({ source: server.adminAccess, databases, largeMegabytes: 6 })))) as [FleetSummary, FleetSummary];
});

describe('fleetNames', () => {
  it('gives as many different names as asked for, all of which MySQL accepts', () => {
    for (const count of [1, 5, 200, 3000]) {
      const names = fleetNames(count);
      assert.equal(new Set(names.map((name) => name.toLowerCase())).size, count);
      names.forEach(checkDatabaseName);
    }
  });

  it('has names with a space, a dot, a backtick, other alphabets, and one of 64 characters', () => {
    const names = fleetNames(200);
    for (const part of [' ', '.', '`', 'ů', '数', "'", '"', ';', '%', '/']) assert.ok(names.some((name) => name.includes(part)), part);
    assert.ok(names.some((name) => name.length === 64));
  });
});

describe('seedFleet', () => {
  it('makes the databases it says it made', async () => {
    assert.deepEqual(summary.databases, fleetNames(databases));
    const [row] = await run(first, "SELECT COUNT(*) AS tables FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema')");
    assert.equal(Number(row?.['tables']), summary.tables);
    const [made] = await run(first, 'SELECT (SELECT COUNT(*) FROM information_schema.views) AS views, (SELECT COUNT(*) FROM information_schema.triggers) AS triggers, (SELECT COUNT(*) FROM mysql.proc) AS routines, (SELECT COUNT(*) FROM mysql.event) AS events');
    assert.deepEqual(Object.fromEntries(Object.entries(made ?? {}).map(([kind, count]) => [kind, Number(count)])), { views: summary.views, triggers: summary.triggers, routines: summary.routines, events: summary.events });
  });

  it('mixes engines, character sets, and what copies lose most easily', async () => {
    const engines = await run(first, "SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema') AND engine IS NOT NULL");
    for (const engine of ['InnoDB', 'MyISAM']) assert.ok(engines.some((row) => row['engine'] === engine), engine);
    const charsets = await run(first, 'SELECT DISTINCT character_set_name AS name FROM information_schema.columns');
    for (const charset of ['latin1', 'utf8', 'utf8mb4', 'latin2']) assert.ok(charsets.some((row) => row['name'] === charset), charset);
    const kinds = await run(first, "SELECT DISTINCT index_type AS kind FROM information_schema.statistics WHERE table_schema NOT IN ('mysql')");
    for (const kind of ['FULLTEXT', 'SPATIAL']) assert.ok(kinds.some((row) => row['kind'] === kind), kind);
    const attic = '`back``tick`';
    assert.equal((await run(first, `SELECT id FROM ${attic}.\`edges; of \`\`types\`\`\` WHERE id = 0`)).length, 1);
    assert.equal((await run(first, `SELECT id FROM ${attic}.stamps WHERE zero = 0`)).length, 1);
    assert.equal((await run(first, `SELECT one FROM ${attic}.\`every byte\` WHERE id < 256 AND ORD(one) = id`)).length, 256);
  });

  it('makes the large database about as large as asked', async () => {
    const [row] = await run(first, 'SELECT (SELECT SUM(LENGTH(image)) FROM photos) + (SELECT SUM(LENGTH(text)) FROM notes) + (SELECT SUM(LENGTH(line)) FROM log) AS bytes', largeDatabase);
    assert.ok(Math.abs(Number(row?.['bytes']) - 6e6) < 1.5e6, String(row?.['bytes']));
    const [alike] = await run(first, 'SELECT COUNT(*) - COUNT(DISTINCT MD5(image)) AS count FROM photos', largeDatabase);
    assert.equal(Number(alike?.['count']), 0);
  });

  it('makes the same on every server', async () => {
    const comparison = await compareFleet({ source: first.adminAccess, target: second.adminAccess, databases: summary.databases, content: true });
    assert.deepEqual(comparison.differences, []);
    assert.equal(comparison.tables, summary.tables);
    assert.ok(comparison.rows > 1000);
  });

  it('names the database that it cannot make, and does not print its SQL', async () => {
    await assert.rejects(seedFleet({ source: first.adminAccess, databases: 1, largeMegabytes: 1 }), (error: Error) => error.message.includes('`shop_leeds`') && error.message.includes('exists') && error.message.length < 300);
  });
});

describe('compareFleet', () => {
  const change = async (sql: string, undo: string, database: string): Promise<string[]> => {
    await run(second, sql, database);
    const { differences } = await compareFleet({ source: first.adminAccess, target: second.adminAccess, databases: [database], content: true });
    await run(second, undo, database);
    return differences.map((difference) => difference.object);
  };

  it('finds a changed byte, a lost row, a NULL for an empty text, and a twin for another row', async () => {
    assert.deepEqual(await change('UPDATE photos SET image = INSERT(image, 1000, 1, CHAR(ASCII(SUBSTRING(image, 1000, 1)) ^ 1)) WHERE id = 3', 'UPDATE photos SET image = INSERT(image, 1000, 1, CHAR(ASCII(SUBSTRING(image, 1000, 1)) ^ 1)) WHERE id = 3', largeDatabase), ['rows of photos']);
    assert.deepEqual(await change("UPDATE settings SET value = NULL WHERE name = 'empty'", "UPDATE settings SET value = '' WHERE name = 'empty'", largeDatabase), ['rows of settings']);
    assert.deepEqual(await change("DELETE FROM `no key` WHERE a = 0 AND b = 'a#b'", "INSERT INTO `no key` VALUES (0, 'a#b')", 'back`tick'), ['rows of no key']);
    assert.deepEqual(await change("UPDATE `no key` SET b = 'twin2' WHERE b = 'twin'", "UPDATE `no key` SET b = 'twin' WHERE b = 'twin2'", 'back`tick'), ['rows of no key']);
  });

  it('finds a lost trigger, a view, a collation, and a counter that went back', async () => {
    assert.deepEqual(await change('DROP TRIGGER photo_title', 'CREATE TRIGGER photo_title BEFORE INSERT ON photos FOR EACH ROW SET NEW.title = TRIM(NEW.title)', largeDatabase), ['trigger photo_title']);
    assert.deepEqual(await change('DROP VIEW titles', 'CREATE VIEW titles AS SELECT id, title FROM photos', largeDatabase), ['view titles']);
    assert.deepEqual(await change('ALTER TABLE log MODIFY line VARCHAR(1000) COLLATE latin1_bin NOT NULL', 'ALTER TABLE log MODIFY line VARCHAR(1000) COLLATE latin1_swedish_ci NOT NULL', largeDatabase), ['table log']);
    assert.deepEqual(await change('ALTER TABLE `order` AUTO_INCREMENT = 5', 'ALTER TABLE `order` AUTO_INCREMENT = 77', 'back`tick'), ['AUTO_INCREMENT of order']);
  });

  it('says so when the database is not there', async () => {
    await run(first, 'CREATE DATABASE only_here');
    const { differences } = await compareFleet({ source: first.adminAccess, target: second.adminAccess, databases: ['only_here'], content: false });
    assert.deepEqual(differences.map(({ database, object, target }) => ({ database, object, target })), [{ database: 'only_here', object: '', target: 'absent' }]);
  });
});

describe('fingerprintDatabase', () => {
  it('stays while nothing changes, and tells a table that was made again with the same rows', async () => {
    const before = await fingerprintDatabase(first.adminAccess, largeDatabase);
    assert.equal(await fingerprintDatabase(first.adminAccess, largeDatabase), before);
    // Times of creation have a resolution of one second.
    await run(first, 'DO SLEEP(1)');
    await run(first, 'CREATE TABLE copy LIKE settings', largeDatabase);
    await run(first, 'INSERT INTO copy SELECT * FROM settings', largeDatabase);
    await run(first, 'DROP TABLE settings', largeDatabase);
    await run(first, 'RENAME TABLE copy TO settings', largeDatabase);
    assert.notEqual(await fingerprintDatabase(first.adminAccess, largeDatabase), before);
  });
});

async function run(server: RunningServer, sql: string, database?: string): Promise<RowDataPacket[]> {
  const connection = await createConnection({ ...connectionOptions(server.adminAccess), ...(database === undefined ? {} : { database }) });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}
