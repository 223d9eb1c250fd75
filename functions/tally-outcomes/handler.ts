import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { cannotRunText } from '../../core/stored-objects/cannot-run.ts';
import { recordsOf, s3Client, stepFunctionsClient } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import type { EndedBranch } from './ended-branches.ts';
import { tallyInputSchema, tallyOutcomes } from './tally-outcomes.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const s3 = s3Client();
const stepFunctions = stepFunctionsClient();

/** Counts what a pass came to. */
export const handler = lambdaHandler(tallyInputSchema, async (input, log) => {
  const { migration, run, pass } = input.pass;
  const onEnded = ({ database, branch, status = 'UNKNOWN', error, message }: EndedBranch): void => {
    const counted = error === 'BranchAborted' ? { AbortedBranches: 1 } : { DeadLetters: 1 };
    log.write('BranchEnded', message, { migration, database, executionArn: branch, status, recorded: true, error }, counted);
  };
  const tally = await tallyOutcomes({ table: records(migration), s3, stepFunctions, now: () => new Date(), onEnded }, input);
  const { total, verified, cannotRun, deadLettered, unfinished } = tally;
  const but = cannotRun === 0 ? '' : `, but ${cannotRunText(cannotRun)}`;
  log.write('PassTallied', `${verified} of ${total} databases are verified${but}.`, {
    migration, run, pass, executionArn: input.runArn, total, verified, deadLettered, unfinished,
  });
  return tally;
});
