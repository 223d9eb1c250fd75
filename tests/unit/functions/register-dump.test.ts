import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Manifest } from '../../../core/contracts.ts';
import { databaseItem, dumpPrefix, manifestKey } from '../../../core/names.ts';
import { FerryError } from '../../../core/errors.ts';
import { listRejectedDumps, readRecord, registerDatabase } from '../../../core/records.ts';
import { registerDump } from '../../../functions/register-dump/register-dump.ts';
import { startCloud, type Cloud } from './support/cloud.ts';

const database = 'Shop & Co';
const key = manifestKey('spring', database, 'manual');
const partKey = `${dumpPrefix('spring', database, 'manual')}dump.sql`;
const writer = { by: 'test', now: '2026-01-01T00:00:00.000Z' };

const manifest: Manifest = {
  format: 1,
  migration: 'spring',
  database,
  attempt: 'manual',
  createdAt: '2026-01-01T00:00:00Z',
  tool: 'mysqldump',
  options: [],
  sourceVersion: '5.6.24',
  defaultCharacterSet: 'utf8',
  defaultCollation: 'utf8_general_ci',
  parts: [{ role: 'main', key: partKey, compression: 'none', bytes: 8, sha256: '0'.repeat(64), sqlBytes: 8 }],
  tables: [
    { name: 'a', engine: 'InnoDB', rows: 2 },
    { name: 'b', engine: 'MyISAM', rows: 3 },
  ],
};

async function start(t: TestContext): Promise<{ cloud: Cloud; register: (objectKey?: string) => ReturnType<typeof registerDump> }> {
  const cloud = await startCloud(t);
  const register = (objectKey = key): ReturnType<typeof registerDump> =>
    registerDump(
      { records: (migration) => cloud.table(migration), s3: cloud.s3, now: () => new Date('2026-01-02T00:00:00Z') },
      { detail: { bucket: { name: cloud.bucket }, object: { key: objectKey } } },
    );
  return { cloud, register };
}

async function putDump(cloud: Cloud, changes: Partial<Manifest> = {}): Promise<void> {
  await cloud.putText(partKey, 'SELECT 1');
  await cloud.putText(key, JSON.stringify({ ...manifest, ...changes }));
}

describe('RegisterDump', () => {
  it('registers the database at the import, with what its manifest says', async (t) => {
    const { cloud, register } = await start(t);
    await putDump(cloud);
    assert.deepEqual(await register(), { registered: true });
    const record = await readRecord(cloud.table('spring'), database);
    assert.deepEqual(
      [record?.state, record?.checkpoint, record?.dumpManifest, record?.rows, record?.tables, record?.sqlBytes, record?.attempt],
      ['DUMPED', 'DUMPED', key, 5, 2, 8, 0],
    );
    assert.deepEqual(record?.transitions.map(({ state, by }) => [state, by]), [['DUMPED', 'registerDump']]);
  });

  it('moves a database on that was registered before, and appends to its transitions', async (t) => {
    const { cloud, register } = await start(t);
    await registerDatabase(cloud.table('spring'), database, writer);
    await putDump(cloud);
    assert.equal((await register()).registered, true);
    assert.deepEqual((await readRecord(cloud.table('spring'), database))?.transitions.map(({ state }) => state), ['PENDING', 'DUMPED']);
  });

  it('leaves a database alone that a branch works on', async (t) => {
    const { cloud, register } = await start(t);
    const table = cloud.table('spring');
    await registerDatabase(table, database, writer);
    await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: { migration: 'spring', item: databaseItem(database) },
        UpdateExpression: 'SET #owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': 'arn:branch' },
      }),
    );
    await putDump(cloud);
    assert.equal((await register()).registered, false);
    assert.equal((await readRecord(table, database))?.state, 'PENDING');
  });

  it("ignores manifests that the dump task wrote, and whatever is no manifest", async (t) => {
    const { register } = await start(t);
    for (const other of [manifestKey('spring', database, 3), partKey, 'spring/reports/x.json', 'Bad_Migration/dumps/a/manual/manifest.json']) {
      assert.equal((await register(other)).registered, false, other);
    }
  });

  it('refuses a manifest whose parts are missing, cut short, or that belongs elsewhere', async (t) => {
    const { cloud, register } = await start(t);
    await cloud.putText(key, JSON.stringify(manifest));
    await assert.rejects(register(), { name: 'DumpMissing', message: /dump\.sql of the dump of `Shop & Co` is not in the bucket/ });
    await cloud.putText(partKey, 'SELECT');
    await assert.rejects(register(), { name: 'DumpCorrupt', message: /has 6 bytes; its manifest says 8/ });
    await putDump(cloud, { database: 'another' });
    await assert.rejects(register(), { name: 'InvalidInput', message: /names `another`/ });
    await putDump(cloud, { parts: [] });
    await assert.rejects(register(), { name: 'InvalidInput', message: /no main part/ });
    await cloud.putText(key, 'not json');
    await assert.rejects(register(), { name: 'InvalidInput', message: /cannot be used/ });
    assert.equal(await readRecord(cloud.table('spring'), database), undefined);
  });

  it('keeps what it refused and why for the operator, until the dump of that key is registered', async (t) => {
    const { cloud, register } = await start(t);
    const kept = async () => (await listRejectedDumps(cloud.table('spring'))).map(({ key: refused, error }) => [refused, error]);
    await cloud.putText(key, JSON.stringify(manifest));
    await assert.rejects(register(), { name: 'DumpMissing' });
    await assert.rejects(register(), { name: 'DumpMissing' });
    assert.deepEqual(await kept(), [[key, 'DumpMissing']]);
    await putDump(cloud);
    assert.equal((await register()).registered, true);
    assert.deepEqual(await kept(), []);
  });

  it('keeps keys that name no database or no migration, and a dump of a database that is done', async (t) => {
    const { cloud, register } = await start(t);
    const malformed = ['spring/dumps/%zz/manual/manifest.json', 'spring/x/dumps/a/manual/manifest.json', 'Bad_Migration/dumps/a/manual/manifest.json', `spring/dumps/${'x'.repeat(950)}/manual/manifest.json`];
    for (const other of malformed) await register(other).catch((error: unknown) => { assert.ok(error instanceof FerryError); });
    const kept = (await listRejectedDumps(cloud.table('spring'))).map(({ key: refused }) => refused);
    assert.deepEqual(kept.sort(), [...malformed].sort());
    for (const ferrys of [manifestKey('spring', database, 3), partKey]) await register(ferrys);
    assert.equal((await listRejectedDumps(cloud.table('spring'))).length, malformed.length, 'what Ferry itself writes is none');
  });
});
