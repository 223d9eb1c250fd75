/** A login that is refused is not tried again by whoever was refused: servers lock an account after a few. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { withSessions } from '../../../cli/server-session.ts';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import type { Clock } from '../../../containers/common/clock.ts';
import { DefinitionWatch } from '../../../containers/dump/definition-watch.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { TargetConnections } from '../../../functions/check-aurora-connections/target-connections.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { TestAuthority } from '../../support/certificates.ts';
import { cache, installPrograms, killed, lean, temporaryFolder } from '../../support/servers.ts';
import { TlsFront } from '../../support/tls-front.ts';
import { startCloud } from '../../unit/functions/support/cloud.ts';

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

let front: TlsFront;
let access: ServerAccess;
let letIn = true;

before(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  const authority = new TestAuthority('an authority of a test');
  const behind = killed(started, await startTargetServer({ directory: await temporaryFolder(started), serverOptions: lean, log: cache.log, programs: await installPrograms() }));
  const admin = await createConnection(connectionOptions(behind.adminAccess));
  for (const sql of ["ALTER USER 'ferry'@'%' IDENTIFIED BY ''", 'CREATE DATABASE shop', 'CREATE TABLE shop.orders (id INT PRIMARY KEY)']) await admin.query(sql);
  await admin.end();
  front = await TlsFront.open(started, { behind, accept: () => letIn, certificate: authority.issue({ names: ['localhost'] }) });
  access = { host: 'localhost', port: front.port, username: 'ferry', password: '', authentication: 'iam', region: 'eu-west-1', tls: 'verify', ca: authority.certificate };
});

beforeEach(() => {
  letIn = true;
  front.logins.length = 0;
});

/** Every pause is over at once; the time that passed is right. */
class HastyClock implements Clock {
  #now = Date.now();

  readonly now = (): number => this.#now;

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.#now += milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
  };
}

describe('a login that is refused', () => {
  it('is one for a command with many threads', async () => {
    letIn = false;
    const work = () => Promise.resolve();
    await assert.rejects(withSessions('source', access, { items: [1, 2, 3, 4, 5, 6], threads: 6, prepare: [], work }), { name: 'SourceAccessDenied' });
    assert.equal(front.logins.length, 1);
  });

  it('is one for the session that watches a dump, which is given up', async () => {
    const { signal } = new AbortController();
    const holder = await MysqlSession.open(access, { signal });
    letIn = false;
    front.logins.length = 0;
    const watch = new DefinitionWatch({ access, database: 'shop', clock: new HastyClock(), signal });
    watch.watch(holder, ['orders']);
    await new Promise((resolve) => {
      watch.signal.addEventListener('abort', resolve, { once: true });
    });
    await watch.end();
    assert.equal(watch.finding?.name, 'SourceAccessDenied');
    assert.equal(front.logins.length, 1);
    await holder.close();
  });

  it('is one for each question to the gate, which reads the secret anew for the next', async (t) => {
    const secrets = { target: JSON.stringify(access) };
    const cloud = await startCloud(t, secrets);
    const gate = new TargetConnections(cloud.secrets, 'target');
    t.after(() => {
      gate.close();
    });
    assert.equal((await gate.count(() => Promise.resolve())).ferry, 0);
    gate.close();
    letIn = false;
    front.logins.length = 0;
    await assert.rejects(gate.count(() => Promise.resolve()), { name: 'TargetAccessDenied' });
    assert.equal(front.logins.length, 1);
    await assert.rejects(gate.count(() => Promise.resolve()), { name: 'TargetAccessDenied' });
    assert.equal(front.logins.length, 2);
    letIn = true;
    await gate.count(() => Promise.resolve());
  });
});
