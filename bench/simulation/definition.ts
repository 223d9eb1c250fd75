/** What the state machine's file fixes: retries of a task that could not be started. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const retrySchema = z.object({ ErrorEquals: z.array(z.string()), IntervalSeconds: z.number(), BackoffRate: z.number(), MaxDelaySeconds: z.number(), MaxAttempts: z.number() });
const mapSchema = z.object({
  States: z.object({ MigrateDatabases: z.object({ ItemProcessor: z.object({ States: z.record(z.string(), z.object({ Retry: z.array(retrySchema).optional() })) }) }) }),
});

export interface LaunchRetry {
  readonly maxAttempts: number;
  /** The longest wait before try `tries + 1`; with full jitter it is a random share of this. */
  readonly ceilingSeconds: (tries: number) => number;
}

export function readLaunchRetry(): LaunchRetry {
  const file = join(import.meta.dirname, '../../statemachines/migrate-databases.asl.json');
  const { States } = mapSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const retry = States.MigrateDatabases.ItemProcessor.States['DumpDatabase']?.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('ECS.AmazonECSException'));
  if (retry === undefined) throw new Error('DumpDatabase does not try again when ECS refuses.');
  return {
    maxAttempts: retry.MaxAttempts,
    ceilingSeconds: (tries) => Math.min(retry.MaxDelaySeconds, retry.IntervalSeconds * retry.BackoffRate ** tries),
  };
}
