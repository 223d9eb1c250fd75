/** Plays scenarios through the dump and import programs, for one target and several sources. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TargetName, VersionName } from '../../../local/mysql/versions.ts';
import { checkFindings } from './findings.ts';
import { sourcesOf } from './pairs.ts';
import { failureAt, fileOf, nameFor, readScenarios } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { Stage } from './stage.ts';
import type { Played } from './stage.ts';

const isUpdate = process.env['FERRY_UPDATE_SCENARIOS'] === '1';

/**
 * Registers a test for each scenario and each of the sources that it names. `FERRY_UPDATE_SCENARIOS=1` writes what was met
 * as what is expected: read the difference before it is committed.
 */
export function playScenarios(sources: readonly VersionName[], target: TargetName): void {
  let stage: Stage;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());
  before(async () => {
    stage = await Stage.open(started, sources, target);
  });

  describe(`scenarios to ${target}`, { concurrency: 3 }, () => {
    for (const scenario of readScenarios()) {
      for (const source of sourcesOf(scenario, sources)) {
        test(`${scenario.name} from ${source}: ${scenario.about}`, async () => {
          const played = await stage.play(scenario, source);
          checkPlayed(scenario, source, failureAt(scenario, target), played);
          checkCannotRun(scenario.cannotRun[target] ?? [], played);
        });
      }
    }
  });
}

function checkPlayed(scenario: Scenario, source: VersionName, fails: Scenario['fails'], played: Played): void {
  const { failure, findings } = played;
  if (findings !== undefined) checkFindings(scenario.findings, findings);
  // What arrives must not be refused before its dump.
  if (fails === undefined) assert.deepEqual(findings?.filter(({ severity }) => severity === 'blocks') ?? [], []);
  if (fails !== undefined) {
    assert.deepEqual({ stage: failure?.stage, error: failure?.error }, { stage: fails.stage, error: fails.error }, failure?.message);
    assert.ok(failure?.message.includes(fails.message), `The message is: ${failure?.message ?? ''}`);
    return;
  }
  assert.equal(failure, undefined, failure?.message);
  checkFile(scenario, 'expected.sql', source, `${played.target?.definitions ?? ''}\n${played.target?.rows ?? ''}\n`);
  checkFile(scenario, 'expected.diff', source, played.audit);
  if (played.source === undefined) return;
  if (scenario.rowsDiffer === undefined) assert.deepEqual(differingLines(played.target?.rows ?? '', played.source.rows), []);
  else assert.notEqual(played.target?.rows, played.source.rows, 'rows that were to differ are the same');
}

/** Each with words of its cause. */
function checkCannotRun(expected: readonly { readonly object: string; readonly cause: string }[], { cannotRun }: Played): void {
  const met = cannotRun.map(({ object, cause }, place) => ({ object, cause: cause.includes(expected[place]?.cause ?? cause) ? (expected[place]?.cause ?? cause) : cause }));
  assert.deepEqual(met, expected);
}

/** Of long texts only what matters. */
function differingLines(met: string, expected: string): string[] {
  const [mine, theirs] = [met.split('\n'), expected.split('\n')];
  return [...mine.filter((line) => !theirs.includes(line)).map((line) => `on the target: ${line}`), ...theirs.filter((line) => !mine.includes(line)).map((line) => `on the source: ${line}`)];
}

/** Without differences there is no file, unless other sources have one. */
function checkFile(scenario: Scenario, file: string, source: VersionName, met: string): void {
  const name = nameFor(scenario, file, source);
  const expected = fileOf(scenario, name);
  if (!isUpdate) assert.equal(met, expected ?? '', `${scenario.name}/${name}`);
  // What holds for other sources is not overwritten.
  else if (met !== (expected ?? '')) writeFileSync(join(scenario.folder, expected === undefined ? file : `${parse(file).name}.${source}${parse(file).ext}`), met);
}
