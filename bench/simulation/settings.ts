/**
 * What a simulated run is given: the operator's options, the account's quotas, and what is assumed of AWS and of the
 * servers. Seconds, bytes and vCPUs. The documents print this list; `measured.json` and the code are where the rest comes from.
 */
import { z } from 'zod';
import { defaults } from '../../core/contracts.ts';

const positive = z.coerce.number().positive();
const whole = z.coerce.number().int().min(1);
const fromZero = z.coerce.number().min(0);

export const settingsSchema = z.strictObject({
  databases: whole.default(4_000).describe('databases of the pass'),
  seed: whole.default(1).describe('of the random numbers: the same seed gives the same run'),

  maxConcurrency: whole.max(10_000).default(defaults.maxConcurrency).describe('branches at once (`--max-concurrency` of `ferry start`)'),
  dumpThreads: whole.max(1_000).default(defaults.dumpThreads).describe('dumps at once on the source (`--dump-threads`)'),
  maxConnections: whole.max(16_000).default(defaults.maxConnections).describe('the gate on the target (`--max-connections`)'),
  holdMinutes: whole.max(1_440).default(defaults.holdMinutes).describe('how long a database is held where nothing can be launched (`--hold-minutes`)'),

  vcpuQuota: positive.default(4_000).describe('Fargate On-Demand vCPU quota; a new account has 6'),
  launchBurst: whole.default(100).describe('Fargate launches at once'),
  launchRate: positive.default(20).describe('Fargate launches a second'),
  runTaskRate: positive.default(20).describe('RunTask calls a second, burst the same'),
  dispatchRate: positive.default(100).describe('children that a Map Run starts a second'),
  transitionRate: positive.default(5_000).describe('state transitions a second, bucket the same (800 outside us-east-1, us-west-2, eu-west-1)'),

  partitionUnits: positive.default(1_000).describe('write units a second of one DynamoDB partition: all items of a migration are in one, as long as DynamoDB does not split it'),
  slots: z.enum(['one-item', 'read-first', 'item-each']).default('one-item').describe('how slots are kept: in one item as the code does; the same, but a full gate is seen by reading and not by a refused write; an item for each holder'),
  registerRate: positive.default(1_000).describe('assumed: records that SelectDatabases registers a second'),
  taskVcpus: positive.default(1).describe('of a task (the task definitions)'),
  taskGigabytes: positive.default(2).describe('of a task (the task definitions)'),
  startSeconds: fromZero.default(35).describe('assumed: median from RunTask to the program running'),
  startSpread: fromZero.default(0.25).describe('assumed: standard deviation of its logarithm'),
  unbilledStartSeconds: fromZero.default(15).describe("assumed: of these, before the image's download, where billing begins"),
  stopSeconds: fromZero.default(8).describe('assumed: from the program\'s end to Step Functions hearing of it and the vCPU being free'),
  callSeconds: fromZero.default(0.1).describe('assumed: a state that calls DynamoDB, S3 or Lambda'),

  profile: z.enum(['measured', 'published']).default('measured').describe('of small databases: as measured on two shared cores, or as the 45-minute migration published (2.7 s a dump, 10.8 s an import)'),
  sourceCores: positive.default(8).describe('assumed: cores of the source, for its slow-down under many dumps'),
  targetCores: positive.default(16).describe('assumed: vCPUs of the Aurora writer'),
  dumpMegabytesPerSecond: positive.default(28).describe('measured, 28 to 40: SQL of one large database out of the source'),
  importMegabytesPerSecond: positive.default(16).describe('measured, 15 to 18: SQL of one large database into the target'),
  digestMegabytesPerSecond: positive.default(200).describe('measured: rows of one large database verified on the target'),
  largePercent: fromZero.max(100).default(1).describe('assumed: databases of a log-normal size around 100 MB of SQL'),
  hugePerMille: fromZero.max(1_000).default(0.5).describe('assumed: databases per thousand of a log-normal size around 2 GB'),
  largestGigabytes: positive.default(20).describe('assumed: no database is larger'),
  order: z.enum(['as-listed', 'largest-first']).default('as-listed').describe('of the list: sizes are not known to a first pass, so the operator orders it'),
});
export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

/** `maxConcurrency` -> `max-concurrency`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Fills in what is not given. */
export function settings(given: Partial<Settings> = {}): Settings {
  return settingsSchema.parse(given);
}
