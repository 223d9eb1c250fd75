import { z } from 'zod';
import { classifyInputSchema } from '../../core/contracts.ts';
import { readEnvironment } from '../../core/environment.ts';
import { recordsOf, s3Client } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { classifyFailure } from './classify-failure.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1), BUCKET_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const s3 = s3Client();

/** Names a stage's failure for the retry-or-dead-letter choice. */
export const handler = lambdaHandler(classifyInputSchema, async (input, log) => {
  const classification = await classifyFailure({ table: records(input.migration), s3, bucket: environment.BUCKET_NAME, random: Math.random }, input);
  const { migration, database, attempt, stage, branch: executionArn, tries } = input;
  const { message, ...named } = classification;
  log.write('FailureClassified', message, { migration, database, attempt, stage, executionArn, tries, ...named }, { StageFailures: 1 });
  return classification;
});
