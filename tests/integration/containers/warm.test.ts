import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { run as runDump } from '../../../containers/dump/main.ts';
import { run as runImport } from '../../../containers/import/main.ts';
import { testLog } from '../../support/test-log.ts';
import { Bench } from './bench.ts';

let bench: Bench;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
  process.env['TMPDIR'] = bench.temporaryFolder;
  await bench.sourceAdmin.query('CREATE DATABASE warm; CREATE TABLE warm.t (a INT); INSERT INTO warm.t VALUES (1), (2)');
});

async function ferryConnections(admin: Connection): Promise<number> {
  const [rows] = await admin.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'ferry'");
  return Number(rows[0]!['n']);
}

test('one process runs task after task and keeps nothing of them', async () => {
  const { signal } = new AbortController();
  const log = testLog();
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    const DUMP_MANIFEST = `spring-cutover/dumps/warm/${attempt}/manifest.json`;
    const REPLACE = 'true';
    const environment = (stage: 'dump' | 'import' | 'verify'): Record<string, string> => bench.environmentOf(stage, 'warm', attempt, { DUMP_MANIFEST, REPLACE });
    await bench.claim('warm', attempt);
    assert.equal(await runDump(environment('dump'), signal, log), 0);
    assert.equal(await runImport(environment('import'), signal, log), 0);
    assert.equal(await runImport(environment('verify'), signal, log), 0);
    // A failure between successes leaves nothing either.
    assert.equal(await runDump({ ...environment('dump'), DATABASE: 'nowhere' }, signal, log), 14);
  }
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
  assert.equal(process.listenerCount('SIGTERM'), 0);
  assert.deepEqual(await readdir(bench.temporaryFolder), []);
  assert.equal(await ferryConnections(bench.sourceAdmin), 0);
  assert.equal(await ferryConnections(bench.targetAdmin), 0);
});
