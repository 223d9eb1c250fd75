import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { recordsOf, s3Client, secretsClient, stepFunctionsClient } from '../shared/clients.ts';
import { executionLiveness } from '../shared/executions.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { selectDatabases, selectInputSchema } from './select-databases.ts';

const environment = readEnvironment(
  z.object({
    TABLE_NAME: z.string().min(1),
    BUCKET_NAME: z.string().min(1),
    SOURCE_SECRET_ARN: z.string().min(1),
    TARGET_SECRET_ARN: z.string().min(1),
  }),
  process.env,
);
const dependencies = {
  records: recordsOf(environment.TABLE_NAME),
  s3: s3Client(),
  bucket: environment.BUCKET_NAME,
  servers: {
    secrets: secretsClient(),
    sourceSecretArn: environment.SOURCE_SECRET_ARN,
    targetSecretArn: environment.TARGET_SECRET_ARN,
  },
  isAlive: executionLiveness(stepFunctionsClient()),
  now: () => new Date(),
};

/** Begins a pass over what is not VERIFIED. */
export const handler = lambdaHandler(selectInputSchema, async (event, log) => {
  const begun = await selectDatabases(dependencies, event);
  const { migration, run, pass, count: databases, verifiedBefore: verified } = begun;
  log.write('PassBegun', `Pass ${pass} has ${databases} databases.`, { migration, run, pass, executionArn: event.runArn, databases, verified });
  return begun;
});
