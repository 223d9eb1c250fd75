/** The whole workflow on real servers: dead letter and redrive, and a runtime or a target that is killed in the middle. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { quoteIdentifier } from '../../../core/names.ts';
import type { Runtime } from '../../../local/runtime.ts';
import { runtimeFileSchema } from '../../../local/state-folder.ts';
import { clientOf, describeExecution, Fleet, startExecution, statesOf, untilAnyState, untilEnded, untilHeld } from './fleet.ts';
import { query } from '../../support/query.ts';

describe('the local runtime', () => {
  let fleet: Fleet;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    fleet = await Fleet.open(started);
  });

  it('migrates a fleet, dead-letters what it must not touch, and finishes it by a redrive', async () => {
    const occupied = fleet.databases[1]!;
    await query(fleet.target.adminAccess, `CREATE DATABASE ${quoteIdentifier(occupied)}`, `CREATE TABLE ${quoteIdentifier(occupied)}.someone_elses (id INT)`);
    const runtime = await fleet.startRuntime('dead-letter');
    try {
      const client = clientOf(runtime);
      const executionArn = await startExecution(client, 'dead-letter', fleet.databases);
      const held = await untilEnded(client, executionArn);
      assert.equal(held.status, 'FAILED');
      assert.equal(held.error, 'DatabasesDeadLettered');
      assert.match(held.cause ?? '', /1 of 5 databases .* \(TargetDatabaseExists\)/);
      const states = await statesOf(client, 'dead-letter');
      assert.equal(states.get(occupied), 'DEAD_LETTERED');
      assert.deepEqual(fleet.databases.filter((name) => name !== occupied && states.get(name) !== 'VERIFIED'), []);
      assert.deepEqual(await query(fleet.target.adminAccess, `SHOW TABLES FROM ${quoteIdentifier(occupied)}`), [{ [`Tables_in_${occupied}`]: 'someone_elses' }]);

      await query(fleet.target.adminAccess, `DROP DATABASE ${quoteIdentifier(occupied)}`);
      await client.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
      assert.equal((await untilEnded(client, executionArn)).status, 'SUCCEEDED');
      await fleet.assertMigrated(client, 'dead-letter');
    } finally {
      await runtime.stop();
    }
    await assertNoSecrets(join(fleet.directory, 'dead-letter'));
  });

  it('lets one runtime only use a state folder, and says which', async () => {
    const runtime = await fleet.startRuntime('shared');
    try {
      const file = join(fleet.directory, 'shared', 'runtime.json');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal(runtimeFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).endpoint, runtime.endpoint);
      await assert.rejects(fleet.startRuntime('shared'), { name: 'LocalRuntimeRunning', message: new RegExp(`process ${process.pid}`) });
    } finally {
      await runtime.stop();
    }
    await (await fleet.startRuntime('shared')).stop();
  });

  it('loses nothing when it is killed in the middle: started again and redriven, every database is verified', async () => {
    await fleet.dropTargets();
    const killed = await spawnRuntime('killed');
    const client = clientOf(killed.runtime);
    const executionArn = await startExecution(client, 'killed', fleet.databases);
    await untilAnyState(client, 'killed', (state) => state !== 'PENDING' && state !== 'DUMPING');
    const groups = hostsOf(killed.child.pid!);
    assert.ok(groups.length > 0);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    await untilGone(groups);

    const again = await spawnRuntime('killed');
    const clientAgain = clientOf(again.runtime);
    try {
      const interrupted = await describeExecution(clientAgain, executionArn);
      assert.deepEqual([interrupted.status, interrupted.error], ['ABORTED', 'Local.RuntimeStopped']);
      await clientAgain.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
      const ended = await untilEnded(clientAgain, executionArn);
      // What had reached its dead letter before the kill, or could not be claimed at once, is for a second redrive.
      if (ended.status !== 'SUCCEEDED') {
        assert.equal(ended.error, 'DatabasesDeadLettered', ended.cause);
        await clientAgain.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
        assert.equal((await untilEnded(clientAgain, executionArn)).status, 'SUCCEEDED');
      }
      await fleet.assertMigrated(clientAgain, 'killed');
    } finally {
      again.child.kill('SIGTERM');
      await once(again.child, 'exit');
    }
  });

  it('holds what is under way when the target dies in the middle, and goes on by itself once it is back', async () => {
    await fleet.dropTargets();
    const runtime = await fleet.startRuntime('target-death');
    try {
      const client = clientOf(runtime);
      const executionArn = await startExecution(client, 'target-death', fleet.databases);
      await untilAnyState(client, 'target-death', (state) => state === 'IMPORTING');
      await fleet.target.kill();
      const record = await untilHeld(client, 'target-death');
      assert.deepEqual([record.state, record.heldFor], ['RETRYING', 'target']);
      assert.match(record.errorMessage ?? '', /target/);

      await fleet.restartTarget();
      assert.equal((await untilEnded(client, executionArn)).status, 'SUCCEEDED');
      await fleet.assertMigrated(client, 'target-death');
    } finally {
      await runtime.stop();
    }
  });

  /** A runtime in a process of its own. */
  async function spawnRuntime(state: string): Promise<{ readonly child: ChildProcess; readonly runtime: Pick<Runtime, 'endpoint' | 'outputs' | 'credentials'> }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'runtime-process.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
    started.defer(() => {
      child.kill('SIGKILL');
    });
    child.stdin.end(JSON.stringify(fleet.options(state)));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, runtime: JSON.parse(line.toString()) as Runtime };
  }

  async function assertNoSecrets(folder: string): Promise<void> {
    const passwords = [fleet.source.access.password, fleet.target.access.password];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!passwords.some((password) => content.includes(password)), `${entry.name} holds a password`);
    }
  }
});

/** Process groups of the task hosts of a runtime. */
function hostsOf(pid: number): string[] {
  const lines = execFileSync('ps', ['-eo', 'ppid=,pgid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => line.trim().split(/\s+/)).filter(([parent, , ...words]) => parent === String(pid) && words.join(' ').includes('task-host')).map(([, group]) => group!);
}

async function untilGone(groups: readonly string[]): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const lines = execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n').map((line) => line.trim());
    const left = lines.filter((line) => groups.some((group) => line.startsWith(`${group} `)) && !/^\d+\s+Z/.test(line));
    if (left.length === 0) return;
    assert.ok(Date.now() < deadline, `left behind: ${left.join('; ')}`);
    await sleep(50);
  }
}
