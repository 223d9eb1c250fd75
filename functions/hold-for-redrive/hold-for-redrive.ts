/** Fails the execution until it is redriven. DESIGN: a failed Task is the only state whose redrive leads anywhere. */
import type { SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { passSchema, tallySchema, type Tally } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import type { RecordsTable } from '../../core/records.ts';
import { readRun, storeContinued } from '../../core/runs.ts';
import { countRedrives } from '../shared/executions.ts';

export const holdInputSchema = z.object({ pass: passSchema, tally: tallySchema, runArn: z.string() });

export interface HoldDependencies {
  readonly table: RecordsTable;
  readonly stepFunctions: SFNClient;
  readonly now: () => Date;
  /** Between two questions. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Passes when the execution has been redriven more often than was on record at its tally, or when the tally has found that another pass
 * brings on what waits for other databases. Asked again after the same pass, because its answer was lost, it answers the same:
 * the number of the pass tells such a question from that of the next pass, which the same redrive does not let by.
 * @throws FerryError DatabasesDeadLettered that counts the unverified databases and names the first
 */
export async function holdForRedrive(
  { table, stepFunctions, now, pause }: HoldDependencies,
  { pass, tally, runArn }: z.infer<typeof holdInputSchema>,
): Promise<{ redriveCount: number }> {
  const [redriveCount, run] = await Promise.all([countRedrives(stepFunctions, runArn, pause), readRun(table, pass.run)]);
  if (tally.anotherPass) return { redriveCount };
  const wasLetBy = run?.continued?.pass === pass.pass && run.continued.redriveCount === redriveCount;
  if (wasLetBy) return { redriveCount };
  if (redriveCount <= (run?.redriveCount ?? 0)) throw new FerryError('DatabasesDeadLettered', describe(tally, pass.migration));
  await storeContinued(table, pass.run, { pass: pass.pass, redriveCount }, now().toISOString());
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
