/** `ferry assess` on a real MySQL 5.6 with trouble in it. What the same checks do before a dump is in `tests/long`. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { z } from 'zod';
import { connectionOptions } from '../../../core/server-access.ts';
import type { RunningServer } from '../../../local/mysql/server-process.ts';
import type { FerryProcess, Outcome } from './ferry.ts';
import { ferry, spawnFerry, untilStderr } from './ferry.ts';
import { startCommandServers, type CommandServers } from './support/local-runtime.ts';
import { makeDatabase, makeTroubledDatabases, trouble } from './support/troubled-databases.ts';

/** Nothing of it blocks. By check, the objects that are found. */
const harmless = [
  'CREATE TABLE aria (kind CHAR(3) NOT NULL, n INT NOT NULL AUTO_INCREMENT, f FLOAT, PRIMARY KEY (kind, n)) ENGINE=MyISAM ROW_FORMAT=FIXED PACK_KEYS=1',
  'CREATE TABLE words (t TEXT, FULLTEXT KEY words (t)) ENGINE=MyISAM',
  "CREATE TABLE dates (id INT PRIMARY KEY, d DATE NOT NULL DEFAULT '0000-00-00') CHARACTER SET utf8mb4",
  'CREATE TABLE hole (id INT PRIMARY KEY) ENGINE=BLACKHOLE',
  'CREATE TABLE parts (id INT) ENGINE=MyISAM PARTITION BY HASH (id) PARTITIONS 2',
  'CREATE TABLE parent (id INT, code INT, KEY code (code))',
  'CREATE TABLE child (code INT, CONSTRAINT to_code FOREIGN KEY (code) REFERENCES parent (code))',
  'SET FOREIGN_KEY_CHECKS = 0',
  'INSERT INTO child VALUES (7), (NULL)',
  "CREATE TABLE placed (id INT PRIMARY KEY) ENGINE=MyISAM",
  'CREATE TABLE places (id INT PRIMARY KEY, p POINT NOT NULL) ENGINE=MyISAM',
  "CREATE DEFINER = 'nobody'@'nowhere' VIEW v AS SELECT id FROM dates",
  "SET SESSION sql_mode = 'NO_AUTO_CREATE_USER'",
  'CREATE PROCEDURE p() BEGIN CREATE TEMPORARY TABLE x (a INT) ENGINE=MEMORY; SELECT ASTEXT(p) FROM places; END',
  'CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM hole',
] as const;
const harmlessFindings: Readonly<Record<string, readonly string[]>> = {
  'auto-increment-key': ['column aria.n'],
  'blackhole-engine': ['table hole'],
  'definer-not-on-target': ['event nightly', 'procedure p'],
  'disabled-event': ['event nightly'],
  'engine-in-body': ['procedure p'],
  'explicit-collation': ['table dates'],
  'float-column': ['column aria.f'],
  'foreign-key-parent-key': ['table child'],
  'fulltext-index': ['table words'],
  'missing-definer': ['view v'],
  'no-primary-key': ['table child', 'table parent', 'table parts', 'table words'],
  'old-geometry-function': ['procedure p'],
  'orphan-rows': ['table child'],
  'partitioned-engine': ['table parts'],
  'privileged-definer': ['procedure p', 'event nightly'],
  'row-format': ['table aria'],
  'spatial-column': ['column places.p'],
  'sql-mode': ['procedure p', 'event nightly'],
  'storage-engine': ['table aria', 'table hole', 'table parts', 'table placed', 'table places', 'table words'],
  'table-options': ['table aria'],
  'zero-date-default': ['column dates.d'],
};

/** Two more have nothing that blocks. */
const troubled = Object.keys(trouble).length;

const reportSchema = z.object({
  outcome: z.record(z.string(), z.number()),
  servers: z.array(z.object({ check: z.string(), severity: z.string() })),
  totals: z.object({ databases: z.number(), queries: z.number() }),
  databases: z.array(
    z.object({
      name: z.string(), queries: z.number(), tables: z.number(), views: z.number(), triggers: z.number(), routines: z.number(), events: z.number(),
      findings: z.array(z.object({ check: z.string(), severity: z.string(), occurrences: z.array(z.object({ object: z.string() })) })),
    }),
  ),
});
type Report = z.infer<typeof reportSchema>;

describe('ferry assess, on MySQL 5.6', () => {
  let directory: string;
  let source: RunningServer;
  let servers: CommandServers;
  let administrator: Connection;

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    servers = await startCommandServers(started, ['--performance-schema=ON']);
    ({ directory, source } = servers);
    administrator = started.adopt(await createConnection(connectionOptions(source.adminAccess)), (connection) => connection.end());
    await makeTroubledDatabases(administrator, source);
    await makeDatabase(administrator, 'harmless', harmless);
  });

  const toSource = (): readonly string[] => servers.sourceWords;
  const toTarget = (): readonly string[] => servers.targetWords;
  const run = (words: readonly string[]): Promise<Outcome> => ferry(words, { directory, environment: servers.passwords });
  const start = (words: readonly string[]): FerryProcess => spawnFerry(words, { directory, environment: servers.passwords });

  async function assessed(...words: string[]): Promise<Report & { code: number | null; stderr: string }> {
    const { stdout, stderr, code } = await run(['assess', ...toSource(), '--pace', '100', '--json', ...words]);
    return { ...reportSchema.parse(JSON.parse(stdout)), code, stderr };
  }

  it('finds in each database what blocks it, and ends with the code that says so', async () => {
    const { code, stderr, databases, outcome, servers } = await assessed('--all', ...toTarget(), '--html', 'report.html');
    assert.equal(code, 46);
    assert.match(stderr, new RegExp(`^ferry: AssessmentBlocked: ${troubled} of ${troubled + 2} databases cannot be migrated as they are\\.$`, 'm'));
    const blocking = databases.map(({ name, findings }) => [name, findings.filter(({ severity }) => severity === 'blocks').map(({ check }) => check)]);
    const expected = [...Object.keys(trouble).map((check) => [check, [check]]), ['harmless', []], ['clean', []]];
    assert.deepEqual(blocking.sort(), expected.sort());
    assert.deepEqual(outcome, { blocked: troubled, warnings: 1, convertedOnly: 0, clean: 1, failed: 0 });
    assert.deepEqual(servers.filter(({ severity }) => severity === 'blocks'), []);
    assert.ok(['source-tls', 'server-sql-mode', 'target-parameters'].every((id) => servers.some(({ check }) => check === id)));
    const html = await readFile(join(directory, 'report.html'), 'utf8');
    for (const check of Object.keys(trouble)) assert.ok(html.includes(`id="${check}"`), check);
  });

  it('finds what is converted and what behaves otherwise, object by object', async () => {
    const { code, databases } = await assessed('harmless', ...toTarget(), '--also', 'orphan-rows', '--again', '--state', 'other');
    assert.equal(code, 0);
    const found = databases[0]?.findings.map(({ check, occurrences }): [string, string[]] => [check, occurrences.map(({ object }) => object)]) ?? [];
    const sorted = (entries: readonly [string, readonly string[]][]): unknown => Object.fromEntries(entries.map(([check, objects]): [string, string[]] => [check, [...objects].sort()]).sort());
    assert.deepEqual(sorted(found), sorted(Object.entries(harmlessFindings)));
    const { tables, views, triggers, routines, events, queries } = databases[0]!;
    assert.deepEqual({ tables, views, triggers, routines, events }, { tables: 9, views: 1, triggers: 0, routines: 1, events: 1 });
    assert.ok(queries <= 14, `${queries} queries`);
  });

  it('asks seven queries of a database without views or partitions, and none without a schema in it', async () => {
    await administrator.query("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = ON");
    await administrator.query('TRUNCATE mysql.general_log');
    const { databases } = await assessed('clean', '--again', '--state', 'other');
    await administrator.query('SET GLOBAL general_log = OFF');
    assert.equal(databases[0]?.queries, 7);
    const [rows] = await administrator.query("SELECT CONVERT(argument USING utf8) AS argument FROM mysql.general_log WHERE user_host LIKE 'ferry%' AND command_type = 'Query'");
    const asked = z.array(z.object({ argument: z.string() })).parse(rows).map(({ argument }) => argument);
    assert.ok(asked.length > 10);
    const unfiltered = asked.filter((sql) => /information_schema\.(?!PLUGINS)/i.test(sql) && !/(?:TABLE_SCHEMA|SCHEMA_NAME) = 'clean'/.test(sql));
    assert.deepEqual(unfiltered, []);
  });

  it('finds damaged files only when it is asked to look for them', async () => {
    await makeDatabase(administrator, 'damaged', ['CREATE TABLE t (id INT, v VARCHAR(100)) ENGINE=MyISAM', "INSERT INTO t VALUES (1, 'a'), (2, 'bbbbbbbbbbbbbbbbbbbb')", 'FLUSH TABLES t']);
    await writeFile(join(source.directory, 'data', 'damaged', 't.MYD'), 'x');
    assert.equal((await assessed('damaged', '--state', 'other')).code, 0);
    const looked = await assessed('damaged', '--also', 'crashed-tables', '--state', 'other');
    assert.equal(looked.code, 46);
    assert.deepEqual(looked.databases[0]?.findings.filter(({ severity }) => severity === 'blocks').map(({ check }) => check), ['unreadable-table']);
    await administrator.query('DROP DATABASE damaged');
  });

  it('goes on after a kill with what is left, and says so', async () => {
    const names = Object.keys(trouble);
    // So slow that the kill comes in its middle.
    const killed = start(['assess', ...toSource(), ...names, '--pace', '1', '--state', 'killed']);
    killed.stdin.end();
    await untilStderr(killed, new RegExp(` 0/${troubled} assessed`));
    const partly = await untilAssessed('killed', 2);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const resumed = await run(['assess', ...toSource(), ...names, '--pace', '100', '--state', 'killed']);
    assert.equal(resumed.code, 46, resumed.stderr);
    const before = Number(/^(\d+) databases? (?:was|were) assessed before/m.exec(resumed.stderr)?.[1]);
    assert.ok(before >= partly && before < troubled, resumed.stderr);
    assert.match(resumed.stdout, new RegExp(`^${troubled} databases: `, 'm'));
    assert.match(resumed.stdout, /blocks +enum-members-alike +1 +1/);
  });

  /** The store is locked while it is written: its size in the write-ahead log tells. */
  async function untilAssessed(state: string, count: number): Promise<number> {
    for (;;) {
      const written = await readFile(join(directory, state, 'assessment.sqlite-wal'), 'latin1').catch(() => '');
      const seen = new Set(Object.keys(trouble).filter((name) => new RegExp(`${name}[0-9a-f]{16}\\d{4}-\\d\\d-`).test(written)));
      if (seen.size >= count) return seen.size;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('is interrupted by Ctrl-C with a summary of what is there', async () => {
    const child = start(['assess', ...toSource(), '--all', '--pace', '1', '--state', 'interrupted']);
    child.stdin.end();
    const output = text(child.stdout);
    await untilStderr(child, new RegExp(` 0/${troubled + 2} assessed`));
    child.kill('SIGINT');
    const ending = text(child.stderr);
    await once(child, 'close');
    assert.equal(child.exitCode, 130);
    assert.match(await ending, new RegExp(`Interrupted: \\d+ of ${troubled + 2} databases assessed\\. The same command goes on from here\\.`));
    assert.match(await output, /^Assessment of 127\.0\.0\.1:\d+ /);
  });

  it('names what it cannot use', async () => {
    const unknown = await run(['assess', ...toSource(), 'clean', 'nowhere']);
    assert.equal(unknown.code, 14);
    assert.match(unknown.stderr, /1 of 2 databases are not on the source .*: `nowhere`\./);
    const both = await run(['assess', ...toSource(), '--all', 'clean']);
    assert.match(both.stderr, /--all stands for every database/);
    const also = await run(['assess', ...toSource(), 'clean', '--also', 'everything']);
    assert.match(also.stderr, /--also\.0 must be one of definitions, orphan-rows, crashed-tables, row-sizes, json-types, float-keys, geometries/);
  });
});
