import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { workflowInputSchema, type WorkflowInput } from '../../../core/contracts.ts';
import { databaseItem } from '../../../core/names.ts';
import { countsByState, readRecord, registerDatabase, registerDump, withHistory } from '../../../core/records.ts';
import { readHolders, takeSlot } from '../../../core/slots.ts';
import { selectDatabases, type SelectDependencies } from '../../../functions/select-databases/select-databases.ts';
import { startCloud, tableWithSlots, type Cloud } from './support/cloud.ts';
import { secretFor, startMysqlStub } from './support/mysql-stub.ts';

const machine = 'arn:aws:states:us-east-1:000000000000:execution:ferry';
const writer = { by: 'test', now: '2026-01-01T00:00:00.000Z' };

interface Fixture {
  readonly cloud: Cloud;
  readonly select: (input: Partial<WorkflowInput>, run?: string) => ReturnType<typeof selectDatabases>;
  readonly alive: Set<string>;
  readonly asked: string[];
  readonly sourceStatements: string[];
}

async function start(t: TestContext, source: readonly string[], secrets: Record<string, string> = {}): Promise<Fixture> {
  const databases = source.map((name) => ({ Database: name }));
  const server = await startMysqlStub(t, { 'SHOW DATABASES': () => databases, 'SELECT 1': () => [{ '1': '1' }] });
  const cloud = await startCloud(t, { source: server.secret, target: server.secret, ...secrets });
  const alive = new Set<string>();
  const asked: string[] = [];
  const dependencies: SelectDependencies = {
    records: (migration) => cloud.table(migration),
    s3: cloud.s3,
    bucket: cloud.bucket,
    servers: { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' },
    isAlive: (arn) => {
      asked.push(arn);
      return Promise.resolve(alive.has(arn));
    },
    now: () => new Date('2026-01-02T00:00:00Z'),
  };
  const select: Fixture['select'] = (input, run = 'run-1') =>
    selectDatabases(dependencies, { input: workflowInputSchema.parse({ migration: 'spring', ...input }), runArn: `${machine}:${run}`, run });
  return { cloud, select, alive, asked, sourceStatements: server.statements };
}

async function setRecord(cloud: Cloud, database: string, attributes: Record<string, unknown>): Promise<void> {
  const names = Object.keys(attributes);
  await cloud.table('spring').client.send(
    new UpdateCommand({
      TableName: cloud.tableName,
      Key: { migration: 'spring', item: databaseItem(database) },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
    }),
  );
}

async function listed(cloud: Cloud, listKey: string): Promise<string[]> {
  const lines = (await cloud.getText(listKey)).split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { database: string }).database);
}

describe('SelectDatabases', () => {
  it('registers each database once as PENDING and lists it with its key', async (t) => {
    const { cloud, select } = await start(t, ['shop', 'Ünïcode db', 'blog']);
    const pass = await select({ databases: ['shop', 'Ünïcode db', 'shop'] });
    assert.equal(pass.count, 2);
    assert.equal(pass.pass, 1);
    assert.equal(pass.verifiedBefore, 0);
    assert.deepEqual([pass.verification, pass.outcome], ['digests', { state: 'VERIFIED', checkpoint: 'VERIFIED' }]);
    assert.equal(await cloud.getText(pass.listKey), '{"database":"shop","key":"shop"}\n{"database":"Ünïcode db","key":"%C3%9Cn%C3%AFcode%20db"}\n');
    const record = await readRecord(cloud.table('spring'), 'shop');
    assert.equal(record?.state, 'PENDING');
    assert.equal(record.checkpoint, 'NONE');
    assert.deepEqual(record.transitions.map(({ state, by }) => ({ state, by })), [{ state: 'PENDING', by: `${machine}:run-1` }]);
    assert.deepEqual(await readHolders(cloud.table('spring'), 'target'), {});
  });

  it('reads a list from S3 whose lines end as on Windows', async (t) => {
    const { cloud, select } = await start(t, ['a', 'b']);
    await cloud.putText('spring/lists/run-1.txt', '\ufeffa\r\n\r\nb\r\n');
    const pass = await select({ databaseList: `s3://${cloud.bucket}/spring/lists/run-1.txt` });
    assert.deepEqual(await listed(cloud, pass.listKey), ['a', 'b']);
  });

  it('reads a list from S3 with comments, quoted names and the encoding of Windows, and refuses lines that are no names', async (t) => {
    const { cloud, select } = await start(t, ['a', '# b']);
    const url = `s3://${cloud.bucket}/spring/lists/run-1.txt`;
    await cloud.putText('spring/lists/run-1.txt', '# the first wave\na\n`# b`\n');
    assert.deepEqual((await listed(cloud, (await select({ databaseList: url })).listKey)).sort(), ['# b', 'a']);
    await cloud.putText('spring/lists/run-1.txt', 'a\n c\n');
    await assert.rejects(select({ databaseList: url }), { name: 'InvalidDatabaseName', message: /has a line that is no name\. Line 2: " c" begins with a blank/ });
  });

  it('names a list that does not exist', async (t) => {
    const { cloud, select } = await start(t, ['a']);
    await assert.rejects(select({ databaseList: `s3://${cloud.bucket}/nowhere.txt` }), { name: 'InvalidInput', message: /nowhere\.txt does not exist/ });
  });

  it('reports every wrong name and registers nothing', async (t) => {
    const { cloud, select } = await start(t, ['good']);
    await assert.rejects(select({ databases: ['good', 'bad ', 'mysql', ''] }), (error: Error) => {
      assert.equal(error.name, 'InvalidDatabaseName');
      assert.match(error.message, /"bad "/);
      assert.match(error.message, /`mysql`/);
      assert.match(error.message, /is empty/);
      return true;
    });
    assert.equal((await countsByState(cloud.table('spring'))).PENDING, 0);
  });

  it('passes on the checks that are set aside, and refuses what is none', async (t) => {
    const { cloud, select } = await start(t, ['a']);
    await assert.rejects(select({ databases: ['a'], allow: ['row-too-large', 'no-such-check'] }), { name: 'InvalidInput', message: /^No check that blocks a database is named "no-such-check"/ });
    assert.equal((await countsByState(cloud.table('spring'))).PENDING, 0);
    assert.deepEqual((await select({ databases: ['a'], allow: ['row-too-large'] })).allow, ['row-too-large']);
  });

  it('refuses an input without databases', async (t) => {
    const { select } = await start(t, []);
    await assert.rejects(select({ databases: [] }), { name: 'EmptyDatabaseList' });
  });

  it('names up to 20 databases that the source does not have, counts the rest, and registers nothing', async (t) => {
    const { cloud, select } = await start(t, ['known']);
    const missing = Array.from({ length: 23 }, (_, index) => `missing${String(index).padStart(2, '0')}`);
    await assert.rejects(select({ databases: ['known', ...missing] }), (error: Error) => {
      assert.equal(error.name, 'UnknownDatabase');
      assert.match(error.message, /23 of 24 databases/);
      assert.match(error.message, /`missing19` and 3 more/);
      assert.doesNotMatch(error.message, /missing20/);
      return true;
    });
    assert.equal(await readRecord(cloud.table('spring'), 'known'), undefined);
  });

  it('lets a database with a dump made by hand enter although the source does not have it', async (t) => {
    const { cloud, select } = await start(t, ['known']);
    await registerDump(cloud.table('spring'), 'by-hand', { dumpManifest: 'm', sqlBytes: 5, dumpBytes: 2 }, writer);
    const pass = await select({ databases: ['known', 'by-hand'] });
    assert.deepEqual(await listed(cloud, pass.listKey), ['by-hand', 'known'], 'the one whose size is known comes first');
  });

  it('says which server does not answer, and which account is refused', async (t) => {
    const silent = await startMysqlStub(t, {});
    const denied = await start(t, ['a'], { target: secretFor(silent.port, 'somebody') });
    await assert.rejects(denied.select({ databases: ['a'] }), { name: 'TargetAccessDenied', message: /refused the account somebody/ });
    const away = await start(t, ['a'], { source: secretFor(1, 'ferry') });
    await assert.rejects(away.select({ databases: ['a'] }), { name: 'SourceUnreachable', message: /127\.0\.0\.1:1 does not answer/ });
  });

  it('lists what is not VERIFIED, largest first, and asks the source nothing in later passes', async (t) => {
    const { cloud, select, sourceStatements } = await start(t, ['a', 'b', 'c', 'd']);
    await select({ databases: ['a', 'b', 'c', 'd'] });
    await setRecord(cloud, 'a', { state: 'VERIFIED', checkpoint: 'VERIFIED' });
    await setRecord(cloud, 'c', { state: 'DUMPED', checkpoint: 'DUMPED', dumpManifest: 'c', sqlBytes: 900 });
    await setRecord(cloud, 'd', { sqlBytes: 1000 });
    sourceStatements.length = 0;
    const pass = await select({ databases: ['a', 'b', 'c', 'd'] });
    assert.equal(pass.pass, 2);
    assert.equal(pass.verifiedBefore, 1);
    assert.deepEqual(await listed(cloud, pass.listKey), ['d', 'c', 'b']);
    assert.ok(!sourceStatements.includes('SHOW DATABASES'));
  });

  it('releases what dead branches own, puts their state back, and leaves live branches alone', async (t) => {
    const { cloud, select, alive, asked } = await start(t, ['mine', 'stopped', 'working', 'dead']);
    const table = cloud.table('spring');
    for (const name of ['mine', 'stopped', 'working', 'dead']) await registerDatabase(table, name, writer);
    const branch = (name: string): string => `${machine}/MigrateDatabases:${name}`;
    await setRecord(cloud, 'mine', { state: 'DUMPING', owner: branch('1'), run: 'run-1', attempt: 1 });
    await setRecord(cloud, 'stopped', { state: 'IMPORTING', checkpoint: 'DUMPED', owner: branch('2'), run: 'run-0', attempt: 3 });
    await setRecord(cloud, 'working', { state: 'DUMPING', owner: branch('3'), run: 'run-2', attempt: 1 });
    await setRecord(cloud, 'dead', { state: 'DEAD_LETTERED', error: 'DumpFailed', errorMessage: 'no', errorStage: 'dump', attempt: 2 });
    alive.add(`${machine}:run-2`).add(branch('3')).add(`${machine}:run-1`);

    const pass = await select({ databases: ['mine', 'stopped', 'working', 'dead'] });

    assert.equal(pass.count, 4);
    const records = await Promise.all(['mine', 'stopped', 'working', 'dead'].map((name) => readRecord(table, name)));
    assert.deepEqual(records.map((record) => [record?.state, record?.owner, record?.attempt]), [
      ['PENDING', undefined, 1],
      ['DUMPED', undefined, 3],
      ['DUMPING', branch('3'), 1],
      ['PENDING', undefined, 2],
    ]);
    assert.equal(records[3]?.error, undefined);
    assert.deepEqual(records.map((record) => record?.transitions.at(-1)?.error), ['BranchAborted', 'BranchAborted', undefined, undefined]);
    assert.equal(records[1]?.transitions.at(-1)?.message, 'The branch of `stopped` has ended without recording it.');
    assert.ok(!asked.includes(branch('1')), 'a branch of an earlier pass of the same run needs no question');
    assert.ok(!asked.includes(branch('2')), 'nor does one whose run has ended');
  });

  it('resets a VERIFIED database that is to be replaced, once in a run', async (t) => {
    const { cloud, select } = await start(t, ['a', 'b']);
    await select({ databases: ['a', 'b'] }, 'run-0');
    for (const name of ['a', 'b']) await setRecord(cloud, name, { state: 'VERIFIED', checkpoint: 'VERIFIED', dumpManifest: 'old', attempt: 1 });
    const pass = await select({ databases: ['b'], replace: ['a'] });
    assert.deepEqual(await listed(cloud, pass.listKey), ['a']);
    const record = await readRecord(cloud.table('spring'), 'a');
    assert.deepEqual([record?.state, record?.checkpoint, record?.dumpManifest, record?.replace], ['PENDING', 'NONE', '', true]);

    await setRecord(cloud, 'a', { state: 'VERIFIED', checkpoint: 'VERIFIED', replace: false });
    assert.equal((await select({ databases: ['b'], replace: ['a'] })).count, 0, 'a later pass of the same run');
    assert.equal((await select({ databases: ['b'], replace: ['a'] }, 'run-2')).count, 1, 'another run');
  });

  it('dumps everything again in a second wave, once in a run, and replaces only what was verified', async (t) => {
    const { cloud, select } = await start(t, ['a', 'b', 'c']);
    await select({ databases: ['a', 'b', 'c'] });
    await setRecord(cloud, 'a', { state: 'VERIFIED', checkpoint: 'VERIFIED', dumpManifest: 'm' });
    await setRecord(cloud, 'b', { state: 'DEAD_LETTERED', checkpoint: 'DUMPED', dumpManifest: 'm', error: 'TargetDatabaseExists' });
    assert.equal((await select({ databases: ['a', 'b', 'c'], secondWave: true }, 'run-2')).count, 3);
    for (const [name, replace] of [['a', true], ['b', false], ['c', false]] as const) {
      const record = await readRecord(cloud.table('spring'), name);
      assert.deepEqual([record?.state, record?.checkpoint, record?.dumpManifest, record?.replace], ['PENDING', 'NONE', '', replace], name);
    }
    await setRecord(cloud, 'a', { state: 'VERIFIED', checkpoint: 'VERIFIED', replace: false });
    await setRecord(cloud, 'b', { state: 'DEAD_LETTERED', checkpoint: 'DUMPED', dumpManifest: 'n', error: 'TargetDatabaseExists' });
    assert.equal((await select({ databases: ['a', 'b', 'c'], secondWave: true }, 'run-2')).count, 2, 'a later pass of the same run');
    assert.equal((await readRecord(cloud.table('spring'), 'b'))?.dumpManifest, 'n');
  });

  it('does not let a database be replaced that this migration never verified', async (t) => {
    const { cloud, select } = await start(t, ['foreign']);
    await select({ replace: ['foreign'] });
    assert.equal((await readRecord(cloud.table('spring'), 'foreign'))?.replace, false);
  });

  it('moves long histories out of the records, so that a branch can read them whole, and loses none of them', async (t) => {
    const { cloud, select, alive } = await start(t, ['a', 'b']);
    await select({ databases: ['a', 'b'] }, 'run-0');
    const live = `${machine}/MigrateDatabases:1`;
    alive.add(live).add(`${machine}:run-0`);
    const transitions = Array.from({ length: 300 }, (_, attempt) => ({ state: 'RETRYING', at: writer.now, attempt, by: live, error: 'SourceUnreachable', message: 'x'.repeat(600) }));
    await setRecord(cloud, 'a', { transitions });
    await setRecord(cloud, 'b', { transitions, owner: live, run: 'run-0', state: 'DUMPING', attempt: 7 });
    await select({ databases: ['a', 'b'] });
    for (const [name, owner] of [['a', undefined], ['b', live]] as const) {
      const record = await readRecord(cloud.table('spring'), name);
      assert.ok(record !== undefined && JSON.stringify(record).length < 64 * 1024, name);
      assert.equal(record.owner, owner);
      const whole = (await withHistory(cloud.table('spring'), record)).transitions;
      assert.deepEqual(whole.slice(0, 300), transitions, name);
    }
  });

  it('takes slots from holders that are dead', async (t) => {
    const { cloud, select, alive } = await start(t, ['a']);
    const table = await tableWithSlots(cloud);
    await takeSlot(table, 'target', 'arn:dead', 9, writer.now);
    await takeSlot(table, 'target', 'arn:alive', 9, writer.now);
    alive.add('arn:alive');
    await select({ databases: ['a'] });
    assert.deepEqual(Object.keys(await readHolders(table, 'target')), ['arn:alive']);
  });
});
