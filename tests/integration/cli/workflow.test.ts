/** The commands against a real local runtime between real servers, in the order of an operator's day. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { Progress } from '../../../cli/progress.ts';
import type { DescribedDatabase } from '../../../cli/render/database.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import type { RunningServer } from '../../../local/mysql/server-process.ts';
import type { FerryProcess, Outcome } from './ferry.ts';
import { ferry, spawnFerry, untilStderr } from './ferry.ts';
import { startCommandServers, startLocalRuntime, type CommandServers } from './support/local-runtime.ts';

describe('ferry, on a local runtime', () => {
  let directory: string;
  let servers: CommandServers;
  let target: RunningServer;
  let local: FerryProcess;
  let databases: readonly string[];
  let occupied: string;

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    servers = await startCommandServers(started);
    ({ directory, target } = servers);
    ({ databases } = await seedFleet({ source: servers.source.adminAccess, databases: 4, largeMegabytes: 2 }));
    occupied = databases[2]!;
    await execute(target.adminAccess, `CREATE DATABASE ${quoteIdentifier(occupied)}`, `CREATE TABLE ${quoteIdentifier(occupied)}.precious (id INT)`);
    ({ process: local } = await startLocalRuntime(started, servers));
  });

  function spawnWithServers(words: readonly string[]): FerryProcess {
    return spawnFerry([...words, ...servers.sourceWords, ...servers.targetWords], { directory, environment: servers.passwords });
  }

  function run(words: readonly string[], input?: string): Promise<Outcome> {
    return ferry(words, { directory, input });
  }

  async function statusOf(...words: string[]): Promise<Progress> {
    const { stdout, code, stderr } = await run(['status', '--json', ...words]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Progress;
  }

  it('has no run to show before the first', async () => {
    const { code, stderr } = await run(['status']);
    assert.equal(code, 93);
    assert.match(stderr, /^ferry: RunNotFound: No run was ever started in the local runtime on /);
  });

  it('shows a run that the source does not know the databases of as UnknownDatabase, and records nothing', async () => {
    const { code, stdout, stderr } = await run(['start', '--migration', 'typo', databases[0]!, 'no_such_database']);
    assert.equal(code, 14, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /^ferry: UnknownDatabase: .*no_such_database/m);
    assert.match(stderr, /^Remedy: Remove it from the list, or check its spelling/m);
    assert.equal((await statusOf('--migration', 'typo')).total, 0);
  });

  it('gives a list past the limit of an input by S3', async () => {
    const names = Array.from({ length: 4000 }, (_, index) => `no_such_database_${'x'.repeat(40)}_${index}`);
    const { code, stderr } = await run(['start', '--migration', 'large'], names.join('\n'));
    assert.match(stderr, /^Started run large-\d{8}-\d{6}-[0-9a-f]{6}: 4,000 databases, on the local runtime/m);
    assert.match(stderr, /^ferry: UnknownDatabase: /m);
    assert.equal(code, 14);
  });

  it('starts several runs of one migration in the same second, each under a name of its own', async () => {
    const starts = await Promise.all([1, 2, 3, 4].map(() => run(['start', '--migration', 'at-once', '--no-watch', 'no_such_database'])));
    for (const { code, stderr } of starts) assert.equal(code, 0, stderr);
    assert.equal(new Set(starts.map(({ stdout }) => stdout)).size, 4);
    const [first] = starts;
    const again = await run(['start', '--migration', 'at-once', '--no-watch', '--run', first?.stdout.trim() ?? '', 'no_such_database_either']);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /^ferry: InvalidInput: There is a run at-once-\S+ already: name this one with --run, or leave it out\./m);
  });

  it('ends with the dead letters, their reasons and their exit code', async () => {
    const { code, stdout, stderr } = await run(['start', '--migration', 'spring', '--run', 'spring-1', '--window', '60m'], databases.join('\n'));
    assert.equal(code, 80, stderr);
    assert.match(stderr, /^Started run spring-1: 4 databases, on the local runtime on /m);
    assert.match(stderr, new RegExp(`^\\S+ DEAD_LETTERED ${escapeRegExp(occupied)} TargetDatabaseExists: `, 'm'));
    assert.match(stderr, /^ferry: DatabasesDeadLettered: 1 of 4 databases/m);
    assert.match(stdout, /3 of 4 verified {2}75%/);
    assert.match(stdout, /TargetDatabaseExists {2}1 database/);
    assert.match(stdout, /Remedy: Move or drop the target's database of that name/);
    assert.ok(!(stdout + stderr).includes('\u001b'));
  });

  it('shows the newest run as one JSON document', async () => {
    const progress = await statusOf();
    assert.equal(progress.migration, 'spring');
    assert.equal(progress.run?.name, 'spring-1');
    assert.equal(progress.run.status, 'FAILED');
    assert.equal(progress.counts.VERIFIED, 3);
    assert.deepEqual(progress.deadLetters.map(({ error, failures }) => [error, failures.map(({ database, stage }) => [database, stage])]), [
      ['TargetDatabaseExists', [[occupied, 'import']]],
    ]);
    assert.ok(progress.moved.rows > 0);
    assert.equal(progress.slots.target.held, 0);
  });

  it('refuses to start a run under a name that is taken', async () => {
    const { code, stderr } = await run(['start', '--migration', 'spring', '--run', 'spring-1', databases[0]!]);
    assert.equal(code, 2);
    assert.match(stderr, /^ferry: InvalidInput: There is a run spring-1 already/);
    assert.equal((await statusOf()).counts.VERIFIED, 3);
  });

  it('shows one database with its transitions, and suggests a name for one that is not there', async () => {
    const { code, stdout } = await run(['show', occupied, '--json']);
    assert.equal(code, 0);
    const shown = JSON.parse(stdout) as DescribedDatabase;
    assert.deepEqual(shown.transitions.map(({ state }) => state), ['PENDING', 'DUMPING', 'DUMPED', 'IMPORTING', 'DEAD_LETTERED']);
    assert.equal(shown.error?.name, 'TargetDatabaseExists');
    assert.match(shown.dump ?? '', /^s3:\/\/.*\/manifest\.json$/);
    const unknown = await run(['show', `${databases[0]!}x`]);
    assert.equal(unknown.code, 14);
    assert.match(unknown.stderr, new RegExp(`Did you mean \`${databases[0]!}\``));
  });

  it('says what a redrive would do, and does nothing with --dry-run', async () => {
    const { code, stderr } = await run(['redrive', '--dry-run']);
    assert.equal(code, 0);
    assert.match(stderr, /^Redriving run spring-1 \(FAILED\): 1 database will continue\. What is verified stays as it is \(3\ndatabases\)\.$/m);
    assert.match(stderr, new RegExp(`^ {2}1 from the import {2}${escapeRegExp(occupied)} \\(TargetDatabaseExists\\)$`, 'm'));
    assert.equal((await statusOf()).run?.redrives, 0);
  });

  it('finishes by a redrive once the cause is gone, and has nothing to redrive after it', async () => {
    await execute(target.adminAccess, `DROP DATABASE ${quoteIdentifier(occupied)}`);
    const { code, stdout, stderr } = await run(['redrive']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /4 of 4 verified {2}100%/);
    assert.doesNotMatch(stderr, /DEAD_LETTERED/);
    const again = await run(['redrive']);
    assert.equal(again.code, 94);
    assert.match(again.stderr, /^ferry: RunNotRedrivable: The run spring-1 succeeded: it has nothing to redrive\./);
  });

  it('leaves the run alone when the watching is interrupted, then stops it, then continues it', async () => {
    const replaced = databases.slice(0, 3).flatMap((name) => ['--replace', name]);
    const words = ['start', '--migration', 'spring', '--run', 'spring-2', '--max-concurrency', '1', ...replaced, ...databases];
    const watching = spawnFerry(words, { directory });
    watching.stdin.end();
    await untilStderr(watching, /RUNNING/);
    watching.kill('SIGINT');
    await once(watching, 'close');
    assert.equal(watching.exitCode, 130);
    assert.equal((await statusOf('--run', 'spring-2')).run?.status, 'RUNNING');

    const stopped = await run(['stop', '--run', 'spring-2', '--reason', 'the window closes']);
    assert.equal(stopped.code, 0);
    assert.match(stopped.stderr, /^Stopped run spring-2\.$/m);
    const status = await run(['status', '--run', 'spring-2', '--watch']);
    assert.equal(status.code, 82);
    assert.match(status.stderr, /^ferry: BranchAborted: The run spring-2 was stopped: the window closes\.$/m);
    const again = await run(['stop', '--run', 'spring-2']);
    assert.equal(again.code, 0);
    assert.match(again.stderr, /has ended already \(ABORTED\); nothing was stopped\./);

    const redriven = await run(['redrive', '--run', 'spring-2']);
    assert.equal(redriven.code, 0, redriven.stderr);
    assert.match(redriven.stdout, /4 of 4 verified {2}100%/);
  });

  it('lets no second runtime onto the same state, and takes its leave in order', async () => {
    const second = spawnWithServers(['local']);
    second.stdin.end();
    const stderr = await untilStderr(second, /Remedy/);
    await once(second, 'close');
    assert.equal(second.exitCode, 91);
    assert.match(stderr, /^ferry: LocalRuntimeRunning: /m);

    local.kill('SIGTERM');
    await once(local, 'close');
    assert.equal(local.exitCode, 0);
    await assert.rejects(access(join(directory, '.ferry/runtime.json')));
    assert.equal((await run(['status'])).code, 90);
  });

  it('continues the migration in one command, which ends with nothing to do', async () => {
    const migrating = spawnWithServers(['migrate', '--all', '--migration', 'spring', '--json']);
    migrating.stdin.end();
    migrating.stderr.resume();
    const [stdout] = await Promise.all([text(migrating.stdout), once(migrating, 'close')]);
    assert.equal(migrating.exitCode, 0);
    const progress = JSON.parse(stdout) as Progress;
    assert.equal(progress.run?.status, 'SUCCEEDED');
    assert.equal(progress.counts.VERIFIED, 4);
    assert.equal((await run(['status'])).code, 90);
  });

  it('leaves no runtime behind when the command that started it is killed', async () => {
    const words = ['migrate', ...databases, '--migration', 'spring', ...databases.flatMap((name) => ['--replace', name]), '--max-concurrency', '1'];
    const migrating = spawnWithServers(words);
    migrating.stdin.end();
    migrating.stdout.resume();
    await untilStderr(migrating, /RUNNING/);
    const { pid } = JSON.parse(await readFile(join(directory, '.ferry/runtime.json'), 'utf8')) as { pid: number };
    migrating.kill('SIGKILL');
    await untilGone(pid);
    await assert.rejects(access(join(directory, '.ferry/runtime.json')));
  });
});

async function untilGone(pid: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(100);
  }
  assert.fail(`process ${pid} is still there after 30 s`);
}

async function execute(server: ServerAccess, ...statements: string[]): Promise<void> {
  const connection = await createConnection(connectionOptions(server));
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
