import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { recordsOf, stepFunctionsClient } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { branchEndedSchema, branchOf, recordAbortedBranch } from './record-aborted-branch.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const stepFunctions = stepFunctionsClient();

/** Called by EventBridge when a branch ended without verifying its database. */
export const handler = lambdaHandler(branchEndedSchema, async (event, log) => {
  const outcome = await recordAbortedBranch({ records, stepFunctions, now: () => new Date() }, event);
  const { executionArn, status } = event.detail;
  const counted = outcome.error === undefined ? {} : outcome.error === 'BranchAborted' ? { AbortedBranches: 1 } : { DeadLetters: 1 };
  log.write('BranchEnded', `The branch ended ${status}: ${outcome.error ?? 'its database is no dead letter'}.`, { ...branchOf(event), executionArn, status, ...outcome }, counted);
  return outcome;
});
