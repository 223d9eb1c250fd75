import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { heldSeconds } from '../../core/recovery/holds.ts';
import { checkOutageInputSchema } from '../../core/recovery/recovery.ts';
import { recordsOf, secretsClient } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { checkOutage } from './check-outage.ts';
import { heldServer } from './held-servers.ts';

const environment = readEnvironment(
  z.object({ TABLE_NAME: z.string().min(1), SOURCE_SECRET_ARN: z.string().min(1), TARGET_SECRET_ARN: z.string().min(1) }),
  process.env,
);
const records = recordsOf(environment.TABLE_NAME);
const secrets = secretsClient();
const servers = {
  source: heldServer(secrets, 'source', environment.SOURCE_SECRET_ARN),
  target: heldServer(secrets, 'target', environment.TARGET_SECRET_ARN),
};

/** Says whether what a held branch waits for is back. */
export const handler = lambdaHandler(checkOutageInputSchema, async (input, log) => {
  const now = () => new Date();
  const recovery = await checkOutage({ table: records(input.migration), servers, random: Math.random, now }, input);
  const { migration, database, attempt, branch: executionArn } = input;
  const { stage, outcome, message, delaySeconds, hold } = recovery;
  const held = Math.round(heldSeconds(hold, now()));
  log.write('OutageChecked', message, {
    migration, database, attempt, stage, executionArn, need: hold.need, outcome, heldSeconds: held, delaySeconds,
  });
  return recovery;
});
