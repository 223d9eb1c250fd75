import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { recordsOf, stepFunctionsClient } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { holdForRedrive, holdInputSchema } from './hold-for-redrive.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const stepFunctions = stepFunctionsClient();

/** Fails with DatabasesDeadLettered unless the execution was redriven since its tally, or another pass brings on what waits for others. */
export const handler = lambdaHandler(holdInputSchema, async (input, functionLog) => {
  const { migration, run, pass } = input.pass;
  const log = functionLog.with({ migration, run, pass, executionArn: input.runArn });
  try {
    const held = await holdForRedrive({ table: records(migration), stepFunctions, now: () => new Date() }, input);
    const message = input.tally.anotherPass ? 'What waits for other databases gets another pass.' : `Redrive ${held.redriveCount} lets the next pass begin.`;
    log.write('RunContinued', message, held);
    return held;
  } catch (error) {
    if (error instanceof FerryError) log.write('RunHeld', error.message, { error: error.name });
    throw error;
  }
});
