import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { createConnection, type Connection } from 'mysql2/promise';
import { connectionOptions, type ServerAccess } from '../../../core/server-access.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import { TargetConnections } from '../../../functions/check-aurora-connections/target-connections.ts';
import { checkSource, checkTarget, type Servers } from '../../../functions/select-databases/check-servers.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startServers } from '../../support/servers.ts';
import { startCloud, type Cloud } from '../../unit/functions/support/cloud.ts';

let source: RunningServer;
let target: RunningServer;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

before(async () => {
  ({ source, target } = await startServers(started));
});

async function cloudWith(t: TestContext, secrets: Readonly<Record<string, ServerAccess>>): Promise<Cloud> {
  return startCloud(t, Object.fromEntries(Object.entries(secrets).map(([name, access]) => [name, JSON.stringify(access)])));
}

async function connect(t: TestContext, access: ServerAccess, database?: string): Promise<Connection> {
  const connection = await createConnection({ ...connectionOptions(access), ...(database === undefined ? {} : { database }) });
  connection.on('error', () => undefined);
  t.after(() => {
    connection.destroy();
  });
  return connection;
}

const mayLogIn = (): Promise<void> => Promise.resolve();

describe('the gate on a real server', () => {
  it("counts connections, its account's among them, and not those of gates", async (t) => {
    const { secrets } = await cloudWith(t, { target: target.access });
    const [gate, otherGate] = [new TargetConnections(secrets, 'target'), new TargetConnections(secrets, 'target')];
    t.after(() => {
      gate.close();
      otherGate.close();
    });
    await otherGate.count(mayLogIn);
    assert.deepEqual(await gate.count(mayLogIn), { total: 0, ferry: 0 });
    await connect(t, target.access);
    await connect(t, target.access);
    await connect(t, target.adminAccess);
    assert.deepEqual(await gate.count(mayLogIn), { total: 3, ferry: 2 });
    assert.deepEqual(await gate.count(mayLogIn), { total: 3, ferry: 2 }, 'the kept connection gives the same answer');
  });

  it('opens another connection when the kept one was closed', async (t) => {
    const { secrets } = await cloudWith(t, { target: target.access });
    const gate = new TargetConnections(secrets, 'target');
    t.after(() => {
      gate.close();
    });
    await gate.count(mayLogIn);
    const admin = await connect(t, target.adminAccess);
    const [rows] = await admin.query('SELECT id FROM information_schema.processlist WHERE db = ?', ['information_schema']);
    for (const row of rows as { id?: string; ID?: string }[]) await admin.query(`KILL ${row.id ?? row.ID ?? ''}`);
    assert.equal((await gate.count(mayLogIn)).total, 1);
  });

  it('names a wrong password', async (t) => {
    const { secrets } = await cloudWith(t, { target: { ...target.access, password: 'wrong' } });
    await assert.rejects(new TargetConnections(secrets, 'target').count(mayLogIn), (error: Error) => {
      assert.equal(error.name, 'TargetAccessDenied');
      assert.doesNotMatch(error.message, /wrong/);
      return true;
    });
  });
});

describe('the check of both servers before a run', () => {
  it("knows the source's databases by name, in whatever alphabet, and the case of its letters", async (t) => {
    const names = ['shop', 'Blog', 'smörgås bord', 'a`b'];
    const admin = await connect(t, source.adminAccess);
    for (const name of names) await admin.query(`CREATE DATABASE ${quoteIdentifier(name)}`);
    const cloud = await cloudWith(t, { source: source.access, target: target.access });
    const servers: Servers = { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' };
    await checkSource(servers, names);
    await checkTarget(servers);
    await assert.rejects(checkSource(servers, [...names, 'blog']), { name: 'UnknownDatabase', message: /1 of 5 databases .*`blog`/ });
  });

  it('says that a server does not answer', async (t) => {
    const cloud = await cloudWith(t, { target: { ...target.access, port: 1 } });
    const servers: Servers = { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' };
    await assert.rejects(checkTarget(servers), { name: 'TargetUnreachable', message: /:1 does not answer/ });
  });

  it('says what to do about a password of before MySQL 4.1', async (t) => {
    const admin = await connect(t, source.adminAccess);
    await admin.query("CREATE USER 'ancient'@'%'");
    await admin.query("UPDATE mysql.user SET plugin = 'mysql_old_password', Password = '428567f408994404' WHERE User = 'ancient'");
    await admin.query('FLUSH PRIVILEGES');
    const cloud = await cloudWith(t, { source: { ...source.access, username: 'ancient', password: 'secret' } });
    const servers: Servers = { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' };
    const refused = { name: 'SourceAccessDenied', message: /refused the account ancient: / };
    await assert.rejects(checkSource(servers, ['shop']), refused);
    // A server that is to take such passwords asks for a plugin that clients do not have any more.
    await admin.query('SET GLOBAL secure_auth = OFF');
    await assert.rejects(checkSource(servers, ['shop']), { ...refused, message: /refused the account ancient: its password is stored as MySQL before 4\.1 did.*SET PASSWORD/ });
  });

  it('says where to give the authority of a certificate that is not trusted', async (t) => {
    const cloud = await cloudWith(t, { target: { ...target.access, ca: undefined }, source: source.access });
    const servers: Servers = { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' };
    await assert.rejects(checkTarget(servers), { name: 'TargetTlsFailed', message: /is not connected to: its certificate was signed by no authority.*--target-ca FILE.*"ca" in the target's secret.*self-signed certificate/ });
  });

  it('says what to do about a server without TLS', async (t) => {
    const cloud = await cloudWith(t, { source: { ...source.access, tls: 'required' } });
    const servers: Servers = { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' };
    await assert.rejects(checkSource(servers, ['shop']), { name: 'SourceTlsFailed', message: /is not connected to: it knows no TLS 1\.2.* Or say that TLS is `disabled` for it/ });
  });
});
