/** Fails the execution until it is redriven. DESIGN: a failed Task is the only state whose redrive leads anywhere. */
import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { passSchema, tallySchema, type Tally } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import type { RecordsTable } from '../../core/records.ts';
import { readRun, storeRedriveCount } from '../../core/runs.ts';

export const holdInputSchema = z.object({ pass: passSchema, tally: tallySchema, runArn: z.string() });

export interface HoldDependencies {
  readonly table: RecordsTable;
  readonly stepFunctions: SFNClient;
  readonly now: () => Date;
}

/**
 * Passes when the execution has been redriven more often than was on record at its tally, or when the tally has found that another pass
 * brings on what waits for other databases.
 * @throws FerryError DatabasesDeadLettered that counts the unverified databases and names the first
 */
export async function holdForRedrive(
  { table, stepFunctions, now }: HoldDependencies,
  { pass, tally, runArn }: z.infer<typeof holdInputSchema>,
): Promise<{ redriveCount: number }> {
  const [{ redriveCount = 0 }, run] = await Promise.all([
    stepFunctions.send(new DescribeExecutionCommand({ executionArn: runArn })),
    readRun(table, pass.run),
  ]);
  if (tally.anotherPass) return { redriveCount };
  if (redriveCount <= (run?.redriveCount ?? 0)) throw new FerryError('DatabasesDeadLettered', describe(tally, pass.migration));
  await storeRedriveCount(table, pass.run, redriveCount, now().toISOString());
  return { redriveCount };
}

function describe(tally: Tally, migration: string): string {
  const unverified = tally.deadLettered + tally.unfinished;
  const counts = [
    ...(tally.deadLettered > 0 ? [`${tally.deadLettered} dead-lettered`] : []),
    ...(tally.unfinished > 0 ? [`${tally.unfinished} unfinished`] : []),
  ].join(', ');
  const more = unverified > tally.sample.length ? `, and ${unverified - tally.sample.length} more` : '';
  const names = `${tally.sample.join(', ')}${more}`;
  return `${unverified} of ${tally.total} databases of ${migration} are not verified (${counts}): ${names}. Remove the causes, then redrive this execution.`;
}
