import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { recordsOf, s3Client, secretsClient } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { accountsInputSchema, migrateAccounts } from './migrate-accounts.ts';

const environment = readEnvironment(
  z.object({ TABLE_NAME: z.string().min(1), SOURCE_SECRET_ARN: z.string().min(1), TARGET_SECRET_ARN: z.string().min(1) }),
  process.env,
);
const records = recordsOf(environment.TABLE_NAME);
const s3 = s3Client();
const servers = { secrets: secretsClient(), sourceSecretArn: environment.SOURCE_SECRET_ARN, targetSecretArn: environment.TARGET_SECRET_ARN };

/** Makes the accounts whose grants reach the databases of a pass, then gives them what they had on tables and routines. */
export const handler = lambdaHandler(accountsInputSchema, async (event, log) => {
  const { migration, run, pass } = event.pass;
  const counts = await migrateAccounts({ table: records(migration), s3, servers, now: () => new Date() }, event);
  const accounts = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const said = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  log.write('AccountsMigrated', `Accounts, ${event.step}: ${said}.`, { migration, run, pass, executionArn: event.runArn, accounts });
  return counts;
});
