/**
 * The checks of `ferry assess` before a dump. Each database that is said to be blocked is then migrated in spite of it, to see that
 * it really cannot arrive.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { Progress } from '../../../cli/progress.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { ferry } from '../../integration/cli/ferry.ts';
import { startCommandServers, type CommandServers } from '../../integration/cli/support/local-runtime.ts';
import { makeTroubledDatabases, trouble } from '../../integration/cli/support/troubled-databases.ts';

describe('before a dump', () => {
  let servers: CommandServers;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    servers = await startCommandServers(started);
    const administrator = started.adopt(await createConnection(connectionOptions(servers.source.adminAccess)), (connection) => connection.end());
    await makeTroubledDatabases(administrator, servers.source);
  });

  async function migrated(migration: string, words: readonly string[]): Promise<{ code: number | null; progress: Progress }> {
    const { code, stdout, stderr } = await ferry(['migrate', ...servers.sourceWords, ...servers.targetWords, '--migration', migration, '--json', ...words], {
      directory: servers.directory,
      environment: servers.passwords,
    });
    assert.notEqual(stdout, '', stderr);
    return { code, progress: JSON.parse(stdout) as Progress };
  }

  it('the same checks refuse each of them at once, with the reason, and nothing of them is dumped', async () => {
    const { code, progress } = await migrated('refused', [...Object.keys(trouble), 'clean']);
    assert.equal(code, 80);
    assert.equal(progress.counts.VERIFIED, 1);
    assert.deepEqual(progress.deadLetters.map(({ error }) => error), ['AssessmentBlocked']);
    const failures = progress.deadLetters[0]?.failures ?? [];
    assert.deepEqual(failures.map(({ database }) => database).sort(), Object.keys(trouble).sort());
    for (const { database, message, stage, attempt } of failures) {
      assert.deepEqual([stage, attempt], ['dump', 1], database);
      assert.ok(message.startsWith(`\`${database}\` cannot be migrated as it is: ${database} `), message);
      assert.match(message, new RegExp(`\\. ${database}: [A-Z]`));
    }
  });

  it('none of them arrives when its check is set aside', async () => {
    const { progress } = await migrated('allowed', [...Object.keys(trouble), ...Object.keys(trouble).flatMap((check) => ['--allow', check]), '--max-attempts', '1']);
    assert.equal(progress.counts.VERIFIED, 0);
    const errors = new Map(progress.deadLetters.flatMap(({ error, failures }) => failures.map(({ database }): [string, string] => [database, error])));
    assert.deepEqual([...errors.keys()].sort(), Object.keys(trouble).sort());
    for (const [database, error] of errors) assert.ok(['DumpFailed', 'DumpRefused', 'ImportRejected', 'VerificationMismatch'].includes(error), `${database}: ${error}`);
    console.log([...errors]);
  });
});
