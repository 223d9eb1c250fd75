/** Accounts between real servers: MySQL 5.6, whose hashes the target cannot use, and from the target to itself, where it can. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { AccountFilter } from '../../../core/accounts/account-filter.ts';
import { type AccountEntry, type AccountsReport, accountsReportSchema } from '../../../core/accounts/report.ts';
import { accountQuery, readAccount } from '../../../core/accounts/source-account.ts';
import { authenticationOf, identifiedBy } from '../../../core/accounts/statements.ts';
import type { Pass } from '../../../core/contracts.ts';
import { accountsReportKey, databaseKey } from '../../../core/names.ts';
import { registerDatabase } from '../../../core/records.ts';
import { connectionOptions, type ServerAccess } from '../../../core/server-access.ts';
import { type AccountCounts, migrateAccounts } from '../../../functions/migrate-accounts/migrate-accounts.ts';
import { mysqlCacheDirectory } from '../../../local/mysql/install.ts';
import { installMariaDb, startMariaDbServer } from '../../../local/mysql/mariadb-server.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { killed, lean, log, startServers } from '../../support/servers.ts';
import { startCloud, type Cloud } from '../../unit/functions/support/cloud.ts';

const password = 'the Old passw0rd';
const databases = ['shop_1', 'shop_2', 'crm'];

let directory: string;
let source: RunningServer;
let target: RunningServer;
/** Two more like the target: one to carry from, and one that reads names in grants as patterns. */
let modern: RunningServer;
let patterned: RunningServer;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

before(async () => {
  const servers = await startServers(started);
  ({ directory, source, target } = servers);
  const start = async (name: string) => killed(started, await startTargetServer({ directory: join(directory, name), programs: servers.programs, log, serverOptions: lean }));
  [modern, patterned] = await Promise.all([start('modern'), start('patterned')]);
  await execute(patterned.adminAccess, `GRANT ${revoked} ON mysql.* TO 'ferry'@'%'`, 'SET GLOBAL partial_revokes = OFF');
  for (const server of [source, modern]) await makeDatabases(server.adminAccess);
  await execute(source.adminAccess, ...legacyAccounts);
});

/** In part, of the target's account: `partial_revokes` cannot be turned off while any are. */
const revoked = 'INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER';

const legacyAccounts = [
  `CREATE USER 'app'@'%' IDENTIFIED BY '${password}'`,
  "GRANT SELECT, INSERT, TRIGGER ON `shop\\_%`.* TO 'app'@'%' WITH GRANT OPTION",
  "GRANT SELECT (id), INSERT ON crm.customers TO 'app'@'%'",
  "GRANT EXECUTE ON PROCEDURE crm.tidy TO 'app'@'%'",
  `CREATE USER 'o''br\`ien'@'10.0.0.0/255.0.0.0' IDENTIFIED BY '${password}'`,
  "GRANT ALL PRIVILEGES ON shop_1.* TO 'o''br`ien'@'10.0.0.0/255.0.0.0'",
  "CREATE USER 'nopass'@'localhost'",
  "GRANT SELECT ON crm.* TO 'nopass'@'localhost'",
  `CREATE USER 'taken'@'%' IDENTIFIED BY '${password}'`,
  "GRANT ALL PRIVILEGES ON crm.* TO 'taken'@'%'",
  "CREATE USER 'ancient'@'%'",
  "GRANT SELECT ON crm.* TO 'ancient'@'%'",
  "UPDATE mysql.user SET plugin = 'mysql_old_password', password = '5d2e19393cc5ef67' WHERE user = 'ancient'",
  "CREATE USER ''@'localhost'",
  "GRANT SELECT ON crm.* TO ''@'localhost'",
  "CREATE USER 'elsewhere'@'%'",
  "GRANT SELECT ON zoo.* TO 'elsewhere'@'%'",
  `CREATE USER 'backup'@'%' IDENTIFIED BY '${password}' `,
  "GRANT SELECT, RELOAD, FILE, SUPER ON *.* TO 'backup'@'%'",
  'FLUSH PRIVILEGES',
];

describe('accounts of MySQL 5.6 on a target without its hashes', () => {
  it('are made locked, with what the target grants, and all else is listed', async (t) => {
    await execute(target.adminAccess, `CREATE USER 'taken'@'%' IDENTIFIED BY 'another'`);
    const before = await describeUser(target, 'taken', '%');
    const migration = await startMigration(t, { from: source, to: target, name: 'legacy' });
    await migration.run('accounts');

    const report = await migration.report();
    assert.deepEqual(outcomesOf(report), {
      "@localhost": 'left-out anonymous',
      'ancient@%': 'locked old-password',
      'app@%': 'locked plugin',
      'backup@%': 'left-out administrator',
      'ferry@127.0.0.1': 'left-out ferry',
      'nopass@localhost': 'locked empty-password',
      "o'br`ien@10.0.0.0/255.0.0.0": 'locked plugin',
      'root@127.0.0.1': 'left-out administrator',
      'taken@%': 'exists',
    });
    assert.deepEqual(await describeUser(target, 'taken', '%'), before, 'an account that is not ours is as it was');
    const { locked, attribute } = await describeUser(target, 'app', '%');
    assert.deepEqual([locked, attribute], ['Y', { aurora_ferry: { migration: 'legacy' } }]);
    assert.deepEqual(await grantsOf(target, 'app', '%'), [
      'GRANT USAGE ON *.* TO `app`@`%`',
      'GRANT SELECT, INSERT, TRIGGER ON `shop_1`.* TO `app`@`%` WITH GRANT OPTION',
      'GRANT SELECT, INSERT, TRIGGER ON `shop_2`.* TO `app`@`%` WITH GRANT OPTION',
    ]);
    assert.deepEqual(entryOf(report, 'app').wildcards, [{ pattern: 'shop\\_%', databases: ['shop_1', 'shop_2'], carried: 'expanded' }]);
    assert.deepEqual(await grantsOf(target, 'o\'br`ien', '10.0.0.0/255.0.0.0'), [
      "GRANT USAGE ON *.* TO `o'br``ien`@`10.0.0.0/255.0.0.0`",
      "GRANT ALL PRIVILEGES ON `shop_1`.* TO `o'br``ien`@`10.0.0.0/255.0.0.0`",
    ]);
  });

  it('get a global grant privilege by privilege where the target refuses it as a whole', async (t) => {
    const migration = await startMigration(t, { from: source, to: target, name: 'legacy', filter: { include: ['*', 'backup@*'], exclude: ['nopass'] } });
    await migration.run('accounts');
    const { 'root@127.0.0.1': root, 'nopass@localhost': nopass } = outcomesOf(await migration.report());
    assert.deepEqual([root, nopass], ['left-out administrator', 'left-out excluded']);
    const backup = entryOf(await migration.report(), 'backup');
    assert.deepEqual(backup.granted, [{ on: '*.*', privileges: ['SELECT', 'RELOAD'], grantOption: false }]);
    assert.deepEqual(backup.leftOut, ['FILE', 'SUPER'].map((privilege) => ({ privilege, on: '*.*', reason: 'refused', errno: 1045 })));
    assert.deepEqual(await grantsOf(target, 'backup', '%'), ['GRANT SELECT, RELOAD ON *.* TO `backup`@`%`']);
  });

  it('are found again by a second pass, which changes nothing, and by one after an administrator has unlocked them', async (t) => {
    const migration = await startMigration(t, { from: source, to: target, name: 'legacy' });
    const first = await migration.run('accounts');
    const [report, users] = [await migration.report(), await describeAll(target)];
    assert.deepEqual(await migration.run('accounts'), first);
    assert.deepEqual({ ...(await migration.report()), updatedAt: '' }, { ...report, updatedAt: '' });
    assert.deepEqual(await describeAll(target), users);

    await execute(target.adminAccess, "ALTER USER 'nopass'@'localhost' IDENTIFIED BY 'a new one' ACCOUNT UNLOCK");
    await migration.run('accounts');
    assert.deepEqual([entryOf(await migration.report(), 'nopass').outcome, (await describeUser(target, 'nopass', 'localhost')).locked], ['created', 'N']);
  });

  it('are left alone by another migration, which did not make them', async (t) => {
    const migration = await startMigration(t, { from: source, to: target, name: 'another' });
    await migration.run('accounts');
    assert.equal(entryOf(await migration.report(), 'app').outcome, 'exists');
  });

  it('get what they had on tables and routines once their database is verified', async (t) => {
    const migration = await startMigration(t, { from: source, to: target, name: 'legacy' });
    await migration.run('accounts');
    await execute(target.adminAccess, 'CREATE DATABASE IF NOT EXISTS crm', 'CREATE TABLE crm.customers (id INT, secret INT)');
    await migration.run('object-privileges');
    assert.deepEqual((await grantsOf(target, 'app', '%')).filter((grant) => grant.includes('crm')), [], 'crm is not verified');

    await migration.verify('crm');
    await migration.run('object-privileges');
    assert.deepEqual((await grantsOf(target, 'app', '%')).filter((grant) => grant.includes('crm')), ['GRANT SELECT (`id`), INSERT ON `crm`.`customers` TO `app`@`%`']);
    const app = entryOf(await migration.report(), 'app');
    assert.deepEqual(app.leftOut, [{ privilege: 'EXECUTE', on: 'PROCEDURE `crm`.`tidy`', reason: 'refused', errno: 1305 }]);
    assert.deepEqual(app.granted.map(({ on }) => on), ['`shop_1`.*', '`shop_2`.*', '`crm`.`customers`']);
    await execute(target.adminAccess, 'DROP DATABASE crm');
  });
});

describe('accounts whose hashes the target can use', () => {
  before(async () => {
    await execute(
      modern.adminAccess,
      `CREATE USER 'app'@'%' IDENTIFIED BY '${password}' WITH MAX_USER_CONNECTIONS 7`,
      "GRANT SELECT ON `shop_1`.* TO 'app'@'%'",
      `CREATE USER 'sleeper'@'%' IDENTIFIED BY '${password}' REQUIRE SSL ACCOUNT LOCK`,
      "GRANT SELECT ON crm.* TO 'sleeper'@'%'",
      "CREATE ROLE 'reader'",
      "GRANT SELECT ON crm.* TO 'reader'",
      `CREATE USER 'member'@'%' IDENTIFIED BY '${password}'`,
      "GRANT 'reader' TO 'member'@'%'",
    );
  });

  it('log in with the old password', async (t) => {
    const migration = await startMigration(t, { from: modern, to: patterned, name: 'modern' });
    await migration.run('accounts');
    const report = await migration.report();
    assert.deepEqual(outcomesOf(report), {
      'app@%': 'created',
      'ferry@%': 'left-out ferry',
      'member@%': 'left-out by-role',
      'reader@%': 'locked locked-on-source',
      'sleeper@%': 'locked locked-on-source',
    });
    const [rows] = await query({ ...patterned.access, username: 'app', password }, 'SHOW GRANTS');
    assert.deepEqual(rows.flatMap((row) => Object.values(row) as unknown[]), ['GRANT USAGE ON *.* TO `app`@`%`', 'GRANT SELECT ON `shop\\_1`.* TO `app`@`%`'], 'a literal name, written as a pattern');
    const [[limits]] = await query(patterned.adminAccess, "SELECT max_user_connections AS n, ssl_type FROM mysql.user WHERE User IN ('app', 'sleeper') ORDER BY User");
    assert.deepEqual(limits, { n: 7, ssl_type: '' });
    await execute(patterned.adminAccess, "ALTER USER 'sleeper'@'%' ACCOUNT UNLOCK");
    await query({ ...patterned.access, username: 'sleeper', password }, 'SELECT 1');
  });

  it('are matched by their password where they are there already', async (t) => {
    await (await startMigration(t, { from: modern, to: patterned, name: 'modern' })).run('accounts');
    const other = await startMigration(t, { from: modern, to: patterned, name: 'other' });
    await other.run('accounts');
    const report = await other.report();
    assert.deepEqual([entryOf(report, 'app').outcome, entryOf(report, 'app').granted.length, entryOf(report, 'reader').outcome], ['matched', 1, 'exists']);
  });
});

describe('accounts of MariaDB', () => {
  let mariaDb: RunningServer;

  before(async () => {
    const installed = await installMariaDb({ cacheDirectory: mysqlCacheDirectory(process.env), log });
    mariaDb = killed(started, await startMariaDbServer({ directory: join(directory, 'mariadb'), installed, log }));
    await makeDatabases(mariaDb.adminAccess);
    await execute(
      mariaDb.adminAccess,
      `CREATE USER 'app'@'%' IDENTIFIED BY '${password}'`,
      "GRANT SELECT ON `shop\\_%`.* TO 'app'@'%'",
      "CREATE USER 'socket'@'localhost' IDENTIFIED VIA unix_socket",
      "GRANT SELECT ON crm.* TO 'socket'@'localhost'",
      `CREATE USER 'sleeper'@'%' IDENTIFIED BY '${password}' ACCOUNT LOCK`,
      "GRANT SELECT ON crm.* TO 'sleeper'@'%'",
      'CREATE ROLE reader',
      'GRANT SELECT ON crm.* TO reader',
      "CREATE USER 'member'@'%'",
      "GRANT reader TO 'member'@'%'",
    );
  });

  it('are found with their locks, plugins and roles', async (t) => {
    const migration = await startMigration(t, { from: mariaDb, to: target, name: 'maria' });
    await migration.run('accounts');
    const outcomes = outcomesOf(await migration.report());
    assert.deepEqual(
      ['member@%', 'reader@', 'socket@localhost', 'sleeper@%'].map((name) => outcomes[name]),
      ['left-out by-role', 'left-out role', 'locked plugin', 'locked plugin'],
    );
  });

  it('carry a native hash in a clause by which the old password still logs in', async () => {
    const [[row]] = await query(mariaDb.adminAccess, `${accountQuery} WHERE User = 'app'`);
    const clause = identifiedBy(authenticationOf(readAccount(row!), new Set(['mysql_native_password'])));
    await execute(mariaDb.adminAccess, `CREATE USER 'carried'@'127.0.0.1' ${clause}`);
    await query({ ...mariaDb.adminAccess, username: 'carried', password }, 'SELECT 1');
    await assert.rejects(query({ ...mariaDb.adminAccess, username: 'carried', password: 'wrong' }, 'SELECT 1'), { errno: 1045 });
  });
});

describe('a server that accounts cannot be carried from or to', () => {
  it('is named, with the remedy, and nothing is changed', async (t) => {
    await execute(source.adminAccess, "GRANT SELECT ON shop_1.* TO 'blind'@'127.0.0.1' IDENTIFIED BY 'x'");
    const blind = { ...source.access, username: 'blind', password: 'x' };
    const migration = await startMigration(t, { from: { access: blind }, to: target, name: 'blind' });
    const users = await describeAll(target);
    await assert.rejects(migration.run('accounts'), { name: 'AccountsUnreadable', message: /does not let blind read its accounts/ });
    assert.deepEqual(await describeAll(target), users);

    const backwards = await startMigration(t, { from: modern, to: source, name: 'backwards' });
    await assert.rejects(backwards.run('accounts'), { name: 'AccountsUnsupported', message: /is 5\.6\.24/ });
    await execute(source.adminAccess, "DROP USER 'blind'@'127.0.0.1'");
  });
});

interface Migration {
  run(step: 'accounts' | 'object-privileges'): Promise<AccountCounts>;
  verify(database: string): Promise<void>;
  report(): Promise<AccountsReport>;
}

/** At its end, looks into every file that was written for a hash of the source. */
async function startMigration(t: TestContext, { from, to, name, filter }: { from: Pick<RunningServer, 'access'>; to: RunningServer; name: string; filter?: AccountFilter }): Promise<Migration> {
  const cloud = await startCloud(t, { source: JSON.stringify(from.access), target: JSON.stringify(to.access) });
  const pass: Pass = {
    migration: name, run: 'run', pass: 1, bucket: cloud.bucket, listKey: `${name}/passes/run/1/databases.jsonl`, resultsPrefix: 'results', count: 3,
    verifiedBefore: 0, maxConcurrency: 1, dumpThreads: 1, maxConnections: 1, maxAttempts: 1, conversion: { off: [] }, accounts: true,
    allow: [], unverifiedBefore: 0, verification: 'digests', outcome: { state: 'VERIFIED', checkpoint: 'VERIFIED' },
    freeze: { mode: 'none', minutes: 60 },
    ...(filter === undefined ? {} : { accountFilter: filter }),
  };
  const table = cloud.table(name);
  await cloud.putText(pass.listKey, databases.map((database) => `${JSON.stringify({ database, key: databaseKey(database) })}\n`).join(''));
  for (const database of databases) await registerDatabase(table, database, { by: 'test', now: '2026-11-22T00:00:00Z' });
  const servers = { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' };
  return {
    run: async (step) => {
      const counts = await migrateAccounts({ table, s3: cloud.s3, servers, now: () => new Date(0) }, { pass, runArn: 'run', step });
      await assertNoHash(cloud, [source, modern]);
      return counts;
    },
    verify: (database) => setVerified(cloud, name, database),
    report: async () => accountsReportSchema.parse(JSON.parse(await cloud.getText(accountsReportKey(name)))),
  };
}

async function setVerified({ dynamodb, tableName }: Cloud, migration: string, database: string): Promise<void> {
  const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { migration: { S: migration }, item: { S: `database#${database}` } },
      UpdateExpression: 'SET #state = :verified, checkpoint = :verified',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':verified': { S: 'VERIFIED' } },
    }),
  );
}

async function assertNoHash({ directory: folder }: Cloud, servers: readonly RunningServer[]): Promise<void> {
  const hashes: string[] = [];
  for (const { adminAccess } of servers) {
    const [rows] = await query(adminAccess, `${accountQuery} WHERE User IN ('app', 'backup', 'sleeper', 'taken', 'ancient')`);
    for (const row of rows) {
      const stored = String(row['Password'] ?? '');
      const hex = stored === '' ? String(row['ferry_hash']) : Buffer.from(stored).toString('hex');
      if (hex !== '') hashes.push(hex.toLowerCase(), Buffer.from(hex, 'hex').toString('latin1').toLowerCase());
    }
  }
  assert.ok(hashes.length >= 8);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = (await readFile(join(entry.parentPath, entry.name), 'latin1')).toLowerCase();
    assert.ok(!hashes.some((hash) => content.includes(hash)), `${entry.name} holds a hash`);
  }
}

function outcomesOf({ accounts }: AccountsReport): Record<string, string> {
  return Object.fromEntries(accounts.map(({ user, host, outcome, reason }) => [`${user}@${host}`, reason === undefined ? outcome : `${outcome} ${reason}`]));
}

function entryOf({ accounts }: AccountsReport, user: string): AccountEntry {
  return accounts.find((account) => account.user === user)!;
}

async function describeUser({ adminAccess }: RunningServer, user: string, host: string): Promise<{ locked: string; attribute: unknown; hash: string }> {
  const [[row]] = await query(adminAccess, `SELECT account_locked, HEX(authentication_string) AS hash, User_attributes FROM mysql.user WHERE User = '${user}' AND Host = '${host}'`);
  const attributes = row?.['User_attributes'] as { metadata?: unknown } | null;
  return { locked: String(row?.['account_locked']), attribute: attributes?.metadata, hash: String(row?.['hash']) };
}

async function describeAll({ adminAccess }: RunningServer): Promise<RowDataPacket[]> {
  const [users] = await query(adminAccess, 'SELECT * FROM mysql.user ORDER BY User, Host');
  const [grants] = await query(adminAccess, 'SELECT * FROM mysql.db ORDER BY User, Host, Db');
  return [...users, ...grants];
}

async function grantsOf({ adminAccess }: RunningServer, user: string, host: string): Promise<string[]> {
  const [rows] = await query(adminAccess, `SHOW GRANTS FOR '${user.replaceAll("'", "''")}'@'${host}'`);
  return rows.flatMap((row) => Object.values(row as Record<string, string>));
}

async function makeDatabases(access: ServerAccess): Promise<void> {
  const tables = ['CREATE TABLE crm.customers (id INT, secret INT)', 'CREATE PROCEDURE crm.tidy() SELECT 1'];
  await execute(access, ...databases.map((database) => `CREATE DATABASE ${database}`), ...tables);
}

async function execute(access: ServerAccess, ...statements: readonly string[]): Promise<void> {
  const connection = await createConnection(connectionOptions(access));
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    connection.destroy();
  }
}

async function query(access: ServerAccess, sql: string): Promise<[RowDataPacket[]]> {
  const connection = await createConnection(connectionOptions(access));
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return [rows];
  } finally {
    connection.destroy();
  }
}
