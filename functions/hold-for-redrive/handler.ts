import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { recordsOf, stepFunctionsClient } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { holdForRedrive, holdInputSchema } from './hold-for-redrive.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const stepFunctions = stepFunctionsClient();

/** Fails with DatabasesDeadLettered unless the execution was redriven since its tally. */
export const handler = lambdaHandler(holdInputSchema, (input) =>
  holdForRedrive({ table: records(input.pass.migration), stepFunctions, now: () => new Date() }, input),
);
