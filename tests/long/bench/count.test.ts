/** What is stored of `npm run count`, against a count of now: real servers, the real state machine, functions and tasks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOnLocalRuntime } from '../../../bench/count/measure.ts';
import { type Counts, meterNames, readMeasured } from '../../../bench/count/counts.ts';

test('a database, a poll, a retry and a dead letter take what bench/count/measured.json says (npm run count -- --write)', async () => {
  const stored = readMeasured();
  const now = await countOnLocalRuntime({ databases: 4, tables: stored.tables, rows: 50, log: () => undefined });
  const kinds = ['perDatabase', 'perGatePoll', 'perImportRetry', 'perDeadLetter'] as const;
  for (const kind of kinds) assert.deepEqual(rounded(now[kind]), rounded(stored[kind]), kind);
  assert.deepEqual([now.historyEventsOfBranch, now.holderBytes, now.emptySlotsBytes], [stored.historyEventsOfBranch, stored.holderBytes, stored.emptySlotsBytes]);
  for (const size of ['recordBytes', 'indexBytes', 'inputBytes', 'reportBytes', 'sqlBytes'] as const) {
    assert.ok(Math.abs(now[size] - stored[size]) <= stored[size] * 0.05, `${size}: ${now[size]}, stored ${stored[size]}`);
  }
});

function rounded(counts: Counts): Record<string, number> {
  return Object.fromEntries(meterNames.map((name) => [name, Math.round(counts[name] * 10) / 10]));
}
