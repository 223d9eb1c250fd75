import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { refuseWhileAccessDenied } from '../../core/recovery/outages.ts';
import { recordsOf, secretsClient, stepFunctionsClient } from '../shared/clients.ts';
import { executionLiveness } from '../shared/executions.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { gateQuestionSchema, grantSlot } from './grant-slot.ts';
import { logAnswer } from './log-answer.ts';
import { TargetConnections } from './target-connections.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1), TARGET_SECRET_ARN: z.string().min(1) }), process.env);
const records = recordsOf(environment.TABLE_NAME);
const target = new TargetConnections(secretsClient(), environment.TARGET_SECRET_ARN);
const isAlive = executionLiveness(stepFunctionsClient());
const lastSweep = { at: 0 };

/** The gate: grants a branch a slot on the target, or says how long to wait. */
export const handler = lambdaHandler(gateQuestionSchema, async (question, log) => {
  const table = records(question.migration);
  const gate = {
    table,
    countConnections: () => target.count(() => refuseWhileAccessDenied(table, 'target')),
    isAlive,
    random: Math.random,
    now: () => new Date(),
    lastSweep,
  };
  const answer = await grantSlot(gate, question);
  logAnswer(log, question, answer, gate.now());
  return answer;
});
