/** AWS's recorded answers of intrinsic functions. */
import { z } from 'zod';
import { StatesError } from '../../local/stepfunctions/language/errors.ts';
import type { Json } from '../../local/stepfunctions/language/json.ts';
import { passed, type Outcome, type Suite } from './cases.ts';
import { matches } from './masks.ts';
import { walk } from './walker.ts';

const caseSchema = z.object({
  definition: z.string(),
  input: z.string(),
  terminal: z.object({
    executionSucceededEventDetails: z.object({ output: z.json() }).optional(),
    executionFailedEventDetails: z.object({ error: z.string() }).optional(),
  }),
});
type IntrinsicCase = z.infer<typeof caseSchema>;

/** The recorder's mask of a generated state machine name, made of parts between hyphens. */
const stateMachineName = 'recorded-<ArnPart_0idx>';

export const intrinsic: Suite = { file: 'intrinsic.jsonl', judge: (recorded) => judge(caseSchema.parse(recorded)) };

function judge(recorded: IntrinsicCase): Outcome {
  const { executionSucceededEventDetails: succeeded, executionFailedEventDetails: failed } = recorded.terminal;
  const actual = outcome(recorded);
  const same = succeeded === undefined ? actual.error === failed?.error : sameOutput(actual.output, succeeded.output);
  return same ? passed : { kind: 'miss', expected: JSON.stringify(succeeded?.output ?? failed), actual: JSON.stringify(actual) };
}

function outcome(recorded: IntrinsicCase): { readonly output?: Json; readonly error?: string } {
  const input = JSON.parse(recorded.input) as Json;
  const context = {
    Execution: { Id: 'arn:aws:states:us-east-1:111111111111:execution:recorded:run', Name: 'run', Input: input },
    StateMachine: { Id: `arn:aws:states:us-east-1:111111111111:stateMachine:${stateMachineName}`, Name: stateMachineName },
  };
  try {
    return { output: walk(recorded.definition, input, context) };
  } catch (error) {
    return { error: error instanceof StatesError ? error.error : String(error) };
  }
}

function sameOutput(actual: Json | undefined, expected: Json): boolean {
  return actual !== undefined && matches(expected, actual);
}
