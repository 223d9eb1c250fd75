/** What docs/limits.md and docs/cost.md count with, against the code that fixes it. Their figures are checked in `tests/long`, by simulation. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { readMeasured } from '../../../bench/count/counts.ts';
import { indexedAttributes } from '../../../bench/count/recorder.ts';
import { heldSeconds, highestRate, mostHolders, slotsItem } from '../../../bench/figures/slots-item.ts';
import { settings } from '../../../bench/simulation/settings.ts';

const root = join(import.meta.dirname, '../../..');

describe('what the workflow fixes', () => {
  const stateSchema = z.object({ Type: z.string(), Resource: z.string().optional(), Next: z.string().optional(), Default: z.string().optional() });
  const machine = z.object({ States: z.object({ MigrateDatabases: z.object({ ItemProcessor: z.object({ StartAt: z.string(), States: z.record(z.string(), stateSchema) }) }) }) });
  const { StartAt, States } = machine.parse(JSON.parse(readFileSync(join(root, 'statemachines/migrate-databases.asl.json'), 'utf8'))).States.MigrateDatabases.ItemProcessor;

  /** The way of a database that passes at its first try: a choice takes its default, but for the import's own verification. */
  function successPath(): string[] {
    const choices: Readonly<Record<string, string>> = { IsDatabaseVerified: 'RecordVerified' };
    const next = (name: string): string | undefined => choices[name] ?? States[name]?.Next ?? States[name]?.Default;
    const path: string[] = [];
    for (let name: string | undefined = StartAt; name !== undefined; name = next(name)) path.push(name);
    return path;
  }

  test('the counted states, tasks and calls of a verified database are those of its way through the file', () => {
    const path = successPath();
    const { perDatabase } = readMeasured();
    const resources = (pattern: RegExp): number => path.filter((name) => pattern.test(States[name]?.Resource ?? '')).length;
    assert.equal(path.at(-1), 'DatabaseVerified');
    assert.equal(perDatabase.stateTransitions, path.length);
    assert.equal(perDatabase.runTasks, resources(/ecs:runTask/));
    assert.equal(perDatabase.lambdaInvocations, resources(/lambda:invoke/));
    assert.equal(perDatabase.recordWrites, resources(/dynamodb:updateItem/) + 1, 'and its registration');
  });

  const resources = globSync('resources/**/*.yml', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8')).join('\n');

  test('the simulated task has the vCPU and memory of the task definitions', () => {
    const values = (name: string): number[] => Array.from(resources.matchAll(new RegExp(`^\\s+${name}: '(\\d+)'$`, 'gm')), (match) => Number(match[1]) / 1_024);
    const { taskVcpus, taskGigabytes } = settings();
    assert.deepEqual(new Set(values('Cpu')), new Set([taskVcpus]));
    assert.deepEqual(new Set(values('Memory')), new Set([taskGigabytes]));
  });

  test('the counted index has the keys and the projection of the table, and the partition key is the same', () => {
    const [, projected = ''] = /NonKeyAttributes: \[([^\]]+)\]/.exec(resources) ?? [];
    assert.deepEqual([...indexedAttributes].sort(), ['migration', 'item', 'state', ...projected.split(', ')].sort());
    assert.equal(Array.from(resources.matchAll(/AttributeName: migration, KeyType: HASH/g)).length, 2);
  });
});

describe('the arithmetic', () => {
  test('the slots item: at the highest rate, its writes take all that a partition gives', () => {
    const measured = readMeasured();
    const rate = highestRate(measured);
    const kibibytes = (rate * heldSeconds * measured.holderBytes) / 1_024;
    assert.ok(Math.abs(rate * 3 * kibibytes - 1_000) < 1e-6);
    assert.ok(slotsItem(measured, mostHolders(measured)).bytes <= 400 * 1_024);
    assert.ok(slotsItem(measured, mostHolders(measured) + 1).bytes > 400 * 1_024);
    assert.deepEqual([slotsItem({ ...measured, emptySlotsBytes: 0, holderBytes: 1_024 }, 10).writeUnits, slotsItem({ ...measured, emptySlotsBytes: 0, holderBytes: 1_024 }, 10).databasesPerSecond], [10, 100 / 3]);
  });
});
