/** A disk that fills up under a runtime at work, and is cleared again. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, RedriveExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Runtime } from '../../../local/runtime.ts';
import { clearDisk, fillDisk, onFullDisk } from '../../support/disk.ts';
import { clientOf, Fleet, startExecution, statesOf, untilAnyState, untilEnded } from './fleet.ts';

const projectDirectory = join(import.meta.dirname, '../../..');

describe('a full disk', () => {
  let fleet: Fleet;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    fleet = await Fleet.open(started);
  });

  async function spawnRuntime(state: string): Promise<{ readonly child: ChildProcess; readonly runtime: Runtime }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'runtime-process.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
    started.defer(() => {
      child.kill('SIGKILL');
    });
    child.stdin.end(JSON.stringify(fleet.options(state)));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, runtime: JSON.parse(line.toString()) as Runtime };
  }

  it('stops nothing but what needs it: everything has a named answer, and goes on when there is space', async () => {
    const { child, runtime } = await spawnRuntime('full');
    const client = clientOf(runtime);
    const executionArn = await startExecution(client, 'full', fleet.databases);
    await untilAnyState(client, 'full', (state) => state === 'DUMPED' || state === 'IMPORTING');
    fillDisk(child.pid!);

    const impatient = new SFNClient({ endpoint: runtime.endpoint, region: 'us-east-1', credentials: runtime.credentials.root, maxAttempts: 1 });
    const begin = (): Promise<unknown> => impatient.send(new StartExecutionCommand({ stateMachineArn: runtime.outputs['StateMachineArn'], input: '{}' }));
    await untilRejected(async () => {
      await Promise.race([begin(), sleep(300)]);
    }, 'ServiceUnavailable');
    await assert.rejects(client.s3.send(new PutObjectCommand({ Bucket: runtime.outputs['BucketName'], Key: 'a', Body: 'a' })), { name: 'SlowDown' });
    const item = { migration: 'other', item: 'run#other' };
    await assert.rejects(client.documents.send(new PutCommand({ TableName: runtime.outputs['TableName'], Item: item })), { name: 'InternalServerError', message: /no space left/ });
    assert.equal((await impatient.send(new DescribeExecutionCommand({ executionArn }))).status, 'RUNNING');
    await sleep(2_000);
    assert.deepEqual([child.exitCode, child.signalCode], [null, null]);

    clearDisk(child.pid!);
    assert.equal((await untilEnded(client, executionArn)).status, 'SUCCEEDED');
    await fleet.assertMigrated(client, 'full');
    child.kill('SIGTERM');
    await once(child, 'exit');
    assert.equal(child.exitCode, 0);
  });

  it('lets the runtime end in order, and a redrive go on after the next start', async () => {
    const database = fleet.databases[0]!;
    const { child, runtime } = await spawnRuntime('ended');
    const client = clientOf(runtime);
    await fleet.dropTargets();
    const executionArn = await startExecution(client, 'ended', [database]);
    await untilAnyState(client, 'ended', (state) => state !== 'PENDING');
    fillDisk(child.pid!);
    await sleep(500);
    child.kill('SIGTERM');
    await once(child, 'exit');
    assert.equal(child.exitCode, 0);
    const again = await spawnRuntime('ended');
    const later = clientOf(again.runtime);
    await later.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
    assert.equal((await untilEnded(later, executionArn)).status, 'SUCCEEDED');
    assert.deepEqual([...(await statesOf(later, 'ended'))], [[database, 'VERIFIED']]);
  });

  it('on which a runtime is started is named', async () => {
    const folder = join(fleet.directory, 'no-space');
    await mkdir(folder);
    const [program, ...words] = [...onFullDisk, process.execPath, join(projectDirectory, 'cli/main.ts'), 'local', '--state', folder];
    const server = (role: string): string[] => [`--${role}`, 'mysql://nobody@127.0.0.1:9', `--${role}-tls`, 'disabled'];
    const child = spawn(program, [...words, ...server('source'), ...server('target')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, FERRY_SOURCE_PASSWORD: 'a', FERRY_TARGET_PASSWORD: 'b' },
    });
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
    assert.equal(child.exitCode, 30, stderr);
    assert.match(stderr, /^ferry: StorageFailed: The local runtime cannot start: there is no space left for its state in \S+no-space\.$/m);
  });
});

async function untilRejected(ask: () => Promise<unknown>, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await ask();
    } catch (error) {
      assert.equal((error as Error).name, name);
      return;
    }
  }
  throw new Error(`It was never rejected with ${name}.`);
}
