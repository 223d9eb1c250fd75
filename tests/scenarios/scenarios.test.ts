/**
 * Plays every scenario through the dump and import programs. `FERRY_UPDATE_SCENARIOS=1` writes what was met as what is
 * expected: read the difference before it is committed.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkFindings } from './support/findings.ts';
import { fileOf, readScenarios } from './support/scenario.ts';
import type { Scenario, Source } from './support/scenario.ts';
import { Stage } from './support/stage.ts';
import type { Played } from './support/stage.ts';

const isUpdate = process.env['FERRY_UPDATE_SCENARIOS'] === '1';

let stage: Stage;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  stage = await Stage.open(started);
});

describe('scenarios', { concurrency: 3 }, () => {
  for (const scenario of readScenarios()) {
    for (const source of scenario.sources) {
      test(`${scenario.name} from ${source}: ${scenario.about}`, async () => {
        checkPlayed(scenario, source, await stage.play(scenario, source));
      });
    }
  }
});

function checkPlayed(scenario: Scenario, source: Source, played: Played): void {
  const { failure, findings } = played;
  if (findings !== undefined) checkFindings(scenario.findings, findings);
  // What arrives must not be refused before its dump.
  if (scenario.fails === undefined) assert.deepEqual(findings?.filter(({ severity }) => severity === 'blocks') ?? [], []);
  if (scenario.fails !== undefined) {
    assert.deepEqual({ stage: failure?.stage, error: failure?.error }, { stage: scenario.fails.stage, error: scenario.fails.error }, failure?.message);
    assert.ok(failure?.message.includes(scenario.fails.message), `The message is: ${failure?.message ?? ''}`);
    return;
  }
  assert.equal(failure, undefined, failure?.message);
  const suffix = source === scenario.sources[0] ? '' : `.${source}`;
  checkFile(scenario, `expected${suffix}.sql`, `${played.target?.definitions ?? ''}\n${played.target?.rows ?? ''}\n`);
  checkFile(scenario, `expected${suffix}.diff`, played.audit);
  if (played.source === undefined) return;
  if (scenario.rowsDiffer === undefined) assert.deepEqual(differingLines(played.target?.rows ?? '', played.source.rows), []);
  else assert.notEqual(played.target?.rows, played.source.rows, 'rows that were to differ are the same');
}

/** Of long texts only what matters. */
function differingLines(met: string, expected: string): string[] {
  const [mine, theirs] = [met.split('\n'), expected.split('\n')];
  return [...mine.filter((line) => !theirs.includes(line)).map((line) => `on the target: ${line}`), ...theirs.filter((line) => !mine.includes(line)).map((line) => `on the source: ${line}`)];
}

/** Without differences there is no file: an empty one would say nothing. */
function checkFile(scenario: Scenario, name: string, met: string): void {
  if (isUpdate) {
    if (met !== '') writeFileSync(join(scenario.folder, name), met);
    return;
  }
  assert.equal(met, fileOf(scenario, name) ?? '', `${scenario.name}/${name}`);
}
