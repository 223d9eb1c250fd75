import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { TableLock } from '../../../containers/dump/table-lock.ts';
import { readPrepared } from '../../../core/assessment/read-prepared.ts';
import { FerryError } from '../../../core/errors.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { allowFreeze } from '../../../local/mysql/source-server.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startVersion } from '../../../local/mysql/versions.ts';
import { cache, killed, lean, temporaryFolder } from '../../support/servers.ts';

const { signal } = new AbortController();

/** Of which a COMMIT would pass a freeze, and one that makes the lock wait by itself; neither lets Ferry's account do the same. */
for (const version of ['mysql-5.7', 'mariadb-10.11', 'mysql-8.0'] as const) {
  describe(`an XA transaction that is prepared on ${version}`, () => {
    const started = new AsyncDisposableStack();
    let server: RunningServer;
    let admin: Connection;
    after(() => started.disposeAsync());
    before(async () => {
      server = killed(started, await startVersion(version, { directory: join(await temporaryFolder(started), 'source'), serverOptions: lean, ...cache }));
      await allowFreeze(server, 'lock');
      admin = await open(started, server);
      await admin.query('CREATE DATABASE shop');
      await admin.query('CREATE TABLE shop.t (a INT PRIMARY KEY) ENGINE=InnoDB');
    });

    test('is in the way of a freeze until it has ended, whatever became of its session', async () => {
      await prepare(server, 'order 17');
      await assert.rejects(TableLock.take(server.access, 'shop', signal), (error) => {
        assert.ok(error instanceof FerryError);
        assert.equal(error.name, 'FreezeBlocked');
        if (version !== 'mysql-8.0') assert.match(error.message, /XA transactions that are prepared on the server may pass its lock: 'order 17'\. XA RECOVER lists them/);
        return true;
      });
      assert.equal((await seen(server)).length, 1);
      await admin.query("XA ROLLBACK 'order 17'");
      const lock = await TableLock.take(server.access, 'shop', signal);
      assert.equal(await lock.flaw(), undefined);
      await lock.release();
      assert.deepEqual(await seen(server), []);
    });

    test('does not keep a freeze waiting that finds it committed in time', async () => {
      await prepare(server, 'order 18');
      const [lock] = await Promise.all([TableLock.take(server.access, 'shop', signal), admin.query("DO SLEEP(1)").then(() => admin.query("XA COMMIT 'order 18'"))]);
      await lock.release();
    });
  });
}

/** By a session that ends: no lock of it is left before MySQL 8. */
async function prepare(server: RunningServer, name: string): Promise<void> {
  const session = await createConnection({ ...connectionOptions(server.adminAccess), ssl: undefined as never });
  for (const sql of [`XA START '${name}'`, `INSERT INTO shop.t VALUES (${name.slice(-2)})`, `XA END '${name}'`, `XA PREPARE '${name}'`]) await session.query(sql);
  await session.end();
}

/** As Ferry's account sees them. */
async function seen(server: RunningServer): Promise<string[]> {
  const session = await MysqlSession.open(server.access, { signal });
  try {
    return await readPrepared((sql) => session.query(sql));
  } finally {
    await session.close();
  }
}

async function open(started: AsyncDisposableStack, server: RunningServer): Promise<Connection> {
  return started.adopt(await createConnection({ ...connectionOptions(server.adminAccess), ssl: undefined as never }), (connection) => {
    connection.destroy();
  });
}
