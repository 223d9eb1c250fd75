/** `ferry assess --try`: a fleet with one of each kind of trouble, rehearsed on a real target. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { scratchDatabase, scratchPrefix } from '../../../core/rehearsal/rehearsal.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { Outcome } from './ferry.ts';
import { ferry, spawnFerry } from './ferry.ts';
import { startCommandServers, type CommandServers } from './support/local-runtime.ts';
import { makeDatabase } from './support/troubled-databases.ts';

/** By database: its statements, and what a rehearsal says of it. */
const fleet: Readonly<
  Record<
    string,
    {
      readonly made: readonly string[];
      readonly found: readonly (readonly [check: string, object: string, detail: RegExp])[];
    }
  >
> = {
  whole: {
    made: [
      "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, n INT, e ENUM('a','b')) ENGINE=MyISAM AUTO_INCREMENT=7",
      'INSERT INTO t (n) VALUES (1)',
      'CREATE TABLE whole (id INT PRIMARY KEY, t INT)',
      'CREATE VIEW whole.v AS SELECT whole.id AS id, t.n FROM whole JOIN t ON t.id = whole.t',
      'CREATE VIEW a_on_v AS SELECT * FROM whole.v WHERE id IS NULL',
      'CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN a + (SELECT COUNT(*) FROM t)',
      'CREATE VIEW with_f AS SELECT whole.f(1) AS x',
      'CREATE TRIGGER whole.tr BEFORE INSERT ON whole.t FOR EACH ROW SET NEW.n = (SELECT COUNT(*) FROM whole.whole)',
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t',
    ],
    found: [],
  },
  'odd`näme': {
    made: [
      'CREATE TABLE `ta``ble ü` (`c o` INT)',
      'CREATE VIEW `v``w` AS SELECT `c o` + 1 AS x FROM `ta``ble ü`',
      'CREATE TRIGGER `odd``näme`.`tr x` BEFORE INSERT ON `odd``näme`.`ta``ble ü` FOR EACH ROW SET @a = 1',
    ],
    found: [],
  },
  refusedprogram: {
    made: [
      'CREATE TABLE t (id INT)',
      'CREATE PROCEDURE p() BEGIN DECLARE library INT; SET library = 1; END',
      'CREATE PROCEDURE external() SELECT 1',
      'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN DECLARE library INT; SET library = 2; END',
    ],
    found: [
      ['refused-by-target', 'procedure p', /error 1064/],
      ['refused-by-target', 'trigger tr', /error 1064/],
    ],
  },
  refusedtable: {
    made: [
      'CREATE TABLE t (FTS_DOC_ID INT) ENGINE=MyISAM',
      'CREATE TABLE other (id INT)',
      'CREATE VIEW on_t AS SELECT * FROM t',
      'CREATE VIEW on_other AS SELECT * FROM other',
      'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1',
    ],
    found: [
      ['not-tried', 'trigger tr', /doesn't exist/],
      ['not-tried', 'view on_t', /refusedtable\.t/],
      ['refused-by-target', 'table t', /error 1166/],
    ],
  },
  viewfails: {
    made: [
      'CREATE TABLE t (a VARCHAR(9))',
      "CREATE VIEW v AS SELECT a REGEXP '[[:<:]]amy[[:>:]]' AS x FROM t",
      'CREATE DEFINER = gone@nowhere VIEW w AS SELECT a FROM t',
    ],
    found: [['view-fails-on-target', 'view v', /error 3685/]],
  },
  elsewhere: {
    made: ['CREATE VIEW v AS SELECT id FROM refusedprogram.t'],
    found: [['not-tried', 'view v', /error 1049 .*'refusedprogram'/]],
  },
};

const rehearsalChecks = new Set(['refused-by-target', 'view-fails-on-target', 'differs-on-target', 'not-tried']);

const reportSchema = z.object({
  databases: z.array(
    z.object({
      name: z.string(),
      findings: z.array(
        z.object({
          check: z.string(),
          severity: z.string(),
          occurrences: z.array(z.object({ object: z.string(), detail: z.string().optional() })),
        }),
      ),
    }),
  ),
});

describe('ferry assess --try, from MySQL 5.6', () => {
  let servers: CommandServers;
  let source: Connection;
  let target: Connection;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    servers = await startCommandServers(started);
    const connect = async (access: CommandServers['target']['access']): Promise<Connection> =>
      started.adopt(await createConnection(connectionOptions(access)), (connection) => connection.end());
    [source, target] = [await connect(servers.source.adminAccess), await connect(servers.target.adminAccess)];
    await source.query(`GRANT EXECUTE ON *.* TO '${servers.source.access.username}'@'127.0.0.1'`);
    // As moved with --accounts.
    await target.query("CREATE USER 'root'@'127.0.0.1' ACCOUNT LOCK");
    await target.query("GRANT SELECT, INSERT, EXECUTE, TRIGGER, SHOW VIEW ON *.* TO 'root'@'127.0.0.1'");
    for (const [name, { made }] of Object.entries(fleet)) await makeDatabase(source, name, made);
    await makeDatabase(source, 'clean', ['CREATE TABLE t (id INT PRIMARY KEY)']);
    await makeDatabase(
      source,
      'slow',
      Array.from({ length: 30 }, (_, number) => `CREATE TABLE t${number} (id INT PRIMARY KEY)`),
    );
  });
  const run = (...words: string[]): Promise<Outcome> =>
    ferry(rehearsal(...words), { directory: servers.directory, environment: servers.passwords });
  function rehearsal(...words: string[]): string[] {
    return [
      'assess',
      ...servers.sourceWords,
      ...servers.targetWords.map((word) => (word === '--target' ? '--try' : word)),
      '--pace',
      '100',
      ...words,
    ];
  }

  async function databasesOfTarget(): Promise<string[]> {
    const [rows] = await target.query<RowDataPacket[]>('SHOW DATABASES');
    return rows.map((row) => String(row['Database']));
  }
  const scratches = async (): Promise<string[]> =>
    (await databasesOfTarget()).filter((name) => name.startsWith(scratchPrefix));

  it('finds in each database what the target does not take, and leaves nothing there', async () => {
    const before = await databasesOfTarget();
    const { stdout, stderr, code } = await run(
      ...Object.keys(fleet),
      '--json',
      '--concurrency',
      '2',
      '--html',
      'rehearsal.html',
    );
    assert.equal(code, 46, stderr);
    assert.match(stderr, /^ferry: AssessmentBlocked: 2 of 6 databases cannot be migrated as they are\.$/m);
    const { databases } = reportSchema.parse(JSON.parse(stdout));
    for (const [name, { found }] of Object.entries(fleet)) {
      const findings = databases
        .find((database) => database.name === name)!
        .findings.filter(({ check }) => rehearsalChecks.has(check));
      // What the target takes a migration verifies, and says what cannot run.
      for (const { check, severity } of findings)
        assert.equal(severity === 'blocks', !['view-fails-on-target', 'not-tried'].includes(check), check);
      const said = findings
        .flatMap(({ check, occurrences }) =>
          occurrences.map(({ object, detail = '' }) => [check, object, detail] as const),
        )
        .sort();
      assert.deepEqual(
        said.map(([check, object]) => [check, object]),
        found.map(([check, object]) => [check, object]),
        `${name}: ${JSON.stringify(said)}`,
      );
      said.forEach(([, , detail], index) => {
        assert.match(detail, found[index]![2]);
      });
      for (const [, , detail] of said) assert.ok(!detail.includes(scratchPrefix), detail);
    }
    const html = await readFile(join(servers.directory, 'rehearsal.html'), 'utf8');
    for (const check of ['refused-by-target', 'view-fails-on-target', 'not-tried'])
      assert.ok(html.includes(`id="${check}"`), check);
    assert.ok(!html.includes(scratchPrefix));
    assert.deepEqual(await databasesOfTarget(), before);
  });

  it('sweeps what a killed rehearsal has left, touches nothing else, and goes on', async () => {
    const bystanders = ['slow', `${scratchPrefix}bystander`, `${scratchPrefix}foreign`];
    for (const name of bystanders) await target.query(`CREATE DATABASE \`${name}\``);
    for (const name of bystanders) await target.query(`CREATE TABLE \`${name}\`.t (id INT)`);
    // Ferry's own marker, of a migration.
    await target.query(
      `CREATE TABLE \`${bystanders[2]!}\`._aurora_ferry_import
       SELECT 'spring' AS migration, '${bystanders[2]!}' AS database_name, 1 AS attempt`,
    );
    const child = spawnFerry(rehearsal('clean', 'slow', '--state', 'killed'), {
      directory: servers.directory,
      environment: servers.passwords,
    });
    child.stdin.end();
    const known = new Set(await scratches());
    const left = await until(
      async () => (await scratches()).filter((name) => !known.has(name) && name === scratchOf('slow')),
      ([name]) => name !== undefined,
    );
    const program = Number(
      (await readFile(`/proc/${child.pid!}/task/${child.pid!}/children`, 'utf8')).trim().split(' ')[0],
    );
    process.kill(program, 'SIGKILL');
    const said = text(child.stderr);
    await once(child, 'close');
    assert.equal(child.exitCode, 73, await said);
    assert.match(await said, /TaskCrashed: The program that rehearses databases failed/);
    assert.ok((await scratches()).includes(left[0]!));

    const again = await run('clean', 'slow', '--state', 'killed');
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /^1 database was assessed before/m);
    assert.deepEqual(await scratches(), bystanders.slice(1));
    for (const name of bystanders)
      assert.equal(
        (await target.query<RowDataPacket[]>(`SHOW TABLES FROM \`${name}\``))[0].some((row) =>
          Object.values(row).includes('t'),
        ),
        true,
      );
  });

  it('drops what it works on when the command is killed, and when it is interrupted', async () => {
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const child = spawnFerry(rehearsal('slow', '--again', '--state', signal), {
        directory: servers.directory,
        environment: servers.passwords,
      });
      child.stdin.end();
      await until(scratches, (names) => names.includes(scratchOf('slow')));
      child.kill(signal);
      const said = text(child.stderr);
      await once(child, 'close');
      if (signal === 'SIGINT') assert.equal(child.exitCode, 130, await said);
      await until(scratches, (names) => !names.includes(scratchOf('slow')));
    }
  });

  it('names what it cannot use', async () => {
    const both = await run('slow', ...servers.targetWords.slice(0, 2));
    assert.match(both.stderr, /InvalidInput: --try names the target: leave --target out\./);
    const denied = await ferry(rehearsal('slow', '--again'), {
      directory: servers.directory,
      environment: { ...servers.passwords, FERRY_TARGET_PASSWORD: 'wrong' },
    });
    assert.equal(denied.code, 23, denied.stderr);
  });

  function scratchOf(database: string): string {
    return scratchDatabase(servers.source.access, database);
  }
});

async function until<Value>(read: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
