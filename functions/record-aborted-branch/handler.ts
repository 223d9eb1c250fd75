import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { recordsOf, stepFunctionsClient } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { branchEndedSchema, recordAbortedBranch } from './record-aborted-branch.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const stepFunctions = stepFunctionsClient();

/** Called by EventBridge when a branch ended without verifying its database. */
export const handler = lambdaHandler(branchEndedSchema, (event) =>
  recordAbortedBranch({ records, stepFunctions, now: () => new Date() }, event),
);
