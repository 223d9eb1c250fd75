import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Clock } from '../../../containers/common/clock.ts';
import { runTask } from '../../../containers/common/task.ts';
import { dumpStage } from '../../../containers/dump/frozen-dump.ts';
import { run } from '../../../containers/dump/main.ts';
import { errorKinds } from '../../../core/errors.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { installPrograms } from '../../support/servers.ts';
import { makeSlowMysqldump, nextDump } from '../../support/slow-mysqldump.ts';
import { testLog } from '../../support/test-log.ts';
import { Bench } from './bench.ts';

let bench: Bench;
/** A PATH on which a dump of `a_big` takes three seconds. */
let slowPath: string;
let slowFolder: string;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
  slowFolder = join(bench.temporaryFolder, 'slow');
  await mkdir(slowFolder);
  await makeSlowMysqldump(slowFolder, { mysqldump: join((await installPrograms()).binDirectory, 'mysqldump'), milliseconds: 3_000, bytes: 2_000_000 });
  slowPath = `${slowFolder}:${bench.environmentOf('dump', '')['PATH'] ?? ''}`;
});

async function makeShop(database: string, engine = 'InnoDB'): Promise<void> {
  const rows = Array.from({ length: 2_000 }, (_, id) => `(${id}, REPEAT('z', 1000))`).join(', ');
  await bench.sourceAdmin.query(
    `CREATE DATABASE ${database}; USE ${database}; CREATE TABLE a_big (id INT PRIMARY KEY, filler TEXT) ENGINE=${engine}; INSERT INTO a_big VALUES ${rows};
     CREATE TABLE prices (id INT PRIMARY KEY, price INT) ENGINE=${engine}; INSERT INTO prices VALUES (1, 10), (2, 20), (3, 30)`,
  );
}

async function open(): Promise<Connection> {
  return started.adopt(await createConnection({ ...connectionOptions(bench.source.adminAccess), ssl: undefined as never }), (connection) => {
    connection.destroy();
  });
}

/** Dumps while something else is done, which begins when rows have begun to come. */
async function dumpWhile(database: string, change: () => Promise<unknown>): Promise<{ name: string; message: string } | undefined> {
  await bench.claim(database, 1);
  const begun = nextDump(slowFolder);
  const running = run(bench.environmentOf('dump', database, 1, { PATH: slowPath }), new AbortController().signal, testLog());
  await begun;
  await change();
  await running;
  return (await bench.report('dump', database)).error;
}

describe('what is dumped is one moment', () => {
  for (const [what, sql] of [
    ['emptied and filled again', 'TRUNCATE prices; INSERT INTO prices VALUES (1, 11), (2, 21), (3, 31)'],
    ['swapped for another', 'CREATE TABLE fresh LIKE prices; INSERT INTO fresh VALUES (1, 11); RENAME TABLE prices TO old, fresh TO prices; DROP TABLE old'],
    ['made anew without snapshots', 'DROP TABLE prices; CREATE TABLE prices (id INT PRIMARY KEY, price INT) ENGINE=MyISAM; INSERT INTO prices VALUES (1, 11)'],
  ] as const) {
    test(`a table that is ${what} ends the dump, and waits for it no longer than two seconds`, async () => {
      const database = `moment_${what.replaceAll(' ', '_')}`;
      await makeShop(database);
      let waited = 0;
      const error = await dumpWhile(database, async () => {
        const began = performance.now();
        await bench.sourceAdmin.query(`USE ${database}; ${sql}`);
        waited = performance.now() - began;
      });
      assert.equal(error?.name, 'SourceChanged');
      assert.match(error.message, /the definition of a table was to be changed, .*: session \d+ of root \((?:TRUNCATE|RENAME TABLE|DROP TABLE|TRUNCATE PRICES), which names `prices`\)/);
      assert.ok(waited < 3_000, `the change took ${waited} ms`);
      assert.deepEqual(await bench.holders('source'), []);
    });
  }

  test('a table, a view or a routine that is made, changed or dropped meanwhile makes the dump worthless', async () => {
    await makeShop('moment_made');
    await bench.sourceAdmin.query('CREATE VIEW moment_made.v AS SELECT 1 AS a; CREATE PROCEDURE moment_made.p() SELECT 1');
    const error = await dumpWhile('moment_made', () =>
      bench.sourceAdmin.query('USE moment_made; CREATE TABLE later (a INT); CREATE OR REPLACE VIEW v AS SELECT 2 AS a; DROP PROCEDURE p; CREATE FUNCTION f() RETURNS INT RETURN 1'),
    );
    assert.equal(error?.name, 'SourceChanged');
    assert.equal(error.message, '4 objects of `moment_made` were made, changed or dropped during its dump: `later`, view v, procedure p, function f.');
  });

  test('a definition change that waits for a frozen database ends its dump as well, so that reads do not wait for the end of the freeze', async () => {
    await makeShop('moment_frozen');
    const freezer = await open();
    await freezer.query('FLUSH TABLES moment_frozen.a_big, moment_frozen.prices WITH READ LOCK');
    let change: Promise<unknown> | undefined;
    const error = await dumpWhile('moment_frozen', () => {
      change = bench.sourceAdmin.query('RENAME TABLE moment_frozen.prices TO moment_frozen.old');
      return Promise.resolve();
    });
    await freezer.end();
    await change;
    assert.equal(error?.name, 'SourceChanged');
    assert.match(error.message, /\(RENAME TABLE, which names `prices`\)/);
  });

  test('rows that change meanwhile do not: they have a snapshot', async () => {
    await makeShop('moment_rows');
    assert.equal(await dumpWhile('moment_rows', () => bench.sourceAdmin.query('UPDATE moment_rows.prices SET price = 0; DELETE FROM moment_rows.a_big')), undefined);
    assert.equal((await bench.run('import', 'moment_rows')).exitCode, 0);
    const [rows] = await bench.targetAdmin.query<RowDataPacket[]>('SELECT (SELECT SUM(price) FROM moment_rows.prices) AS prices, (SELECT COUNT(*) FROM moment_rows.a_big) AS n');
    assert.deepEqual(rows.map(({ prices, n }) => [String(prices), String(n)]), [['60', '2000']]);
    assert.equal((await bench.report('import', 'moment_rows')).result?.verified, 'digests');
  });
});

describe('a stage that moves nothing ends by itself', () => {
  test('a mysqldump that was stopped', async () => {
    const folder = join(bench.temporaryFolder, 'stopped');
    await mkdir(folder);
    await writeFile(join(folder, 'mysqldump'), `#!/bin/sh\ncase "$1" in --version) echo 'mysqldump  Ver 9.1.0 for Linux';; *) kill -STOP $$;; esac\n`);
    await chmod(join(folder, 'mysqldump'), 0o755);
    await makeShop('stalled_program');
    await stalls('stalled_program', { PATH: `${folder}:/bin:/usr/bin` });
  });

  test('a server that falls silent', async () => {
    await makeShop('stalled_server');
    // Passes on what is said until the session has asked for its database.
    const proxy = createServer((client) => {
      const server = connect(bench.source.access.port, bench.source.access.host);
      let isSilent = false;
      client.on('data', (data) => {
        isSilent ||= data.includes('stalled_server');
        if (!isSilent) server.write(data);
      });
      server.pipe(client);
      for (const socket of [client, server]) socket.on('error', () => undefined).on('close', () => { client.destroy(); server.destroy(); });
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    try {
      await stalls('stalled_server', { SOURCE_SECRET: JSON.stringify({ ...bench.source.access, port: (proxy.address() as AddressInfo).port }) });
    } finally {
      proxy.close();
    }
  });

  async function stalls(database: string, overrides: Record<string, string>): Promise<void> {
    await bench.claim(database, 1);
    const environment = bench.environmentOf('dump', database, 1, overrides);
    const exitCode = await runTask({ environment, signal: new AbortController().signal, log: testLog(), clock: quickClock() }, { dump: dumpStage });
    const { error } = await bench.report('dump', database);
    assert.equal(error?.name, 'StageStalled');
    assert.match(error.message, new RegExp(`^The dump of \`${database}\` was ended, because it moved nothing for 30 minutes`));
    assert.equal(exitCode, errorKinds.StageStalled.exitCode);
    assert.equal(error.retryable, true);
    assert.deepEqual(await bench.holders('source'), []);
  }
});

/** A thousand times faster than time. */
function quickClock(): Clock {
  return {
    now: () => performance.now() * 1_000,
    sleep: async (milliseconds, signal) => {
      await sleep(milliseconds / 1_000, undefined, { signal }).catch(() => undefined);
    },
  };
}
