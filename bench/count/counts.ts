/** What one thing costs in requests: a verified database, a poll at the gate, a retry, a dead letter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Billed or throttled by AWS, each. */
export const meterNames = [
  'stateTransitions',
  'historyEvents',
  'lambdaInvocations',
  'runTasks',
  'recordReads',
  'recordReadUnits',
  'recordWrites',
  'recordWriteUnits',
  'indexWriteUnits',
  'slotReads',
  'slotWrites',
  's3Puts',
  's3Gets',
  'sqsMessages',
  'snsMessages',
  'describeExecutions',
] as const;
export type MeterName = (typeof meterNames)[number];
export type Counts = Readonly<Record<MeterName, number>>;

export const meterTitles: Readonly<Record<MeterName, string>> = {
  stateTransitions: 'state transitions',
  historyEvents: 'history events',
  lambdaInvocations: 'Lambda invocations',
  runTasks: 'RunTask calls',
  recordReads: 'DynamoDB reads of records',
  recordReadUnits: 'their read units',
  recordWrites: 'DynamoDB writes of records',
  recordWriteUnits: 'their write units',
  indexWriteUnits: 'write units of the index',
  slotReads: 'DynamoDB reads of slots',
  slotWrites: 'DynamoDB writes of slots',
  s3Puts: 'S3 PUT, POST, LIST',
  s3Gets: 'S3 GET',
  sqsMessages: 'SQS messages',
  snsMessages: 'SNS messages',
  describeExecutions: 'DescribeExecution calls',
};

const countsSchema = z.record(z.enum(meterNames), z.number());

/** What `npm run count -- --write` stores, and what the cost, the limits and the simulation start from. */
export const measuredSchema = z.object({
  measuredAt: z.string(),
  source: z.string(),
  target: z.string(),
  tables: z.number().int(),
  perDatabase: countsSchema,
  perRun: countsSchema,
  perGatePoll: countsSchema,
  perImportRetry: countsSchema,
  perDeadLetter: countsSchema,
  sqlBytes: z.number(),
  dumpBytes: z.number(),
  recordBytes: z.number().describe('of a record that is VERIFIED'),
  indexBytes: z.number().describe('of its entry in the index by-state'),
  holderBytes: z.number().describe('of one holder in a slots item'),
  emptySlotsBytes: z.number(),
  historyEventsOfBranch: z.number(),
  inputBytes: z.number().describe('of a branch, as its first state gets it'),
  reportBytes: z.number().describe('of the largest task report'),
  timedAt: z.string(),
  /** Of each step, by `stage.step`, and of the whole task by `stage`. */
  stageMilliseconds: z.record(z.string(), z.number()),
});
export type Measured = z.infer<typeof measuredSchema>;

export const measuredFile = join(import.meta.dirname, 'measured.json');

export function readMeasured(): Measured {
  return measuredSchema.parse(JSON.parse(readFileSync(measuredFile, 'utf8')));
}

export function noCounts(): Record<MeterName, number> {
  return Object.fromEntries(meterNames.map((name) => [name, 0])) as Record<MeterName, number>;
}

/** `minuend - factor * subtrahend`, meter by meter. */
export function minus(minuend: Counts, subtrahend: Counts, factor = 1): Counts {
  return mapCounts((name) => minuend[name] - factor * subtrahend[name]);
}

export function dividedBy(counts: Counts, divisor: number): Counts {
  return mapCounts((name) => counts[name] / divisor);
}

function mapCounts(value: (name: MeterName) => number): Counts {
  return Object.fromEntries(meterNames.map((name) => [name, value(name)])) as Counts;
}
