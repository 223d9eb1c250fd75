import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import {
  type ClassifyInput,
  classifyInputSchema,
  type EarlierClassifyInput,
  earlierClassifyInputSchema,
  type Recovery,
} from '../../core/recovery/recovery.ts';
import { recordsOf, s3Client } from '../shared/clients.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { classifyFailure, classifyForEarlier } from './classify-failure.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1), BUCKET_NAME: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const s3 = s3Client();

/** Names a stage's failure, and says how the branch goes on. */
export const handler = lambdaHandler(z.union([classifyInputSchema, earlierClassifyInputSchema]), async (input, log) => {
  const { migration, database, attempt, branch: executionArn } = input;
  const dependencies = {
    table: records(migration),
    s3,
    bucket: environment.BUCKET_NAME,
    random: Math.random,
    now: () => new Date(),
  };
  const answer = 'recovery' in input ? await classifyFailure(dependencies, input) : await classifyForEarlier(dependencies, input);
  const { message, error, delaySeconds } = answer;
  const told = { migration, database, attempt, executionArn, error, delaySeconds, ...decided(input, answer) };
  log.write('FailureClassified', message, told, { StageFailures: 1 });
  return answer;
});

type Answer = Recovery | Awaited<ReturnType<typeof classifyForEarlier>>;

function decided(input: ClassifyInput | EarlierClassifyInput, answer: Answer) {
  if ('outcome' in answer) return { stage: answer.stage, outcome: answer.outcome, tries: answer.tries[answer.stage] };
  const { stage, tries } = input as EarlierClassifyInput;
  return { stage, outcome: answer.retryable ? 'RETRY' : 'DEAD_LETTER', tries };
}
