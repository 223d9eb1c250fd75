/** AWS's recorded answers of intrinsic functions. */
import { z } from 'zod';
import { StatesError } from '../../local/stepfunctions/language/errors.ts';
import { sameJson, type Json } from '../../local/stepfunctions/language/json.ts';
import { readCases, runCases, type Miss, type SuiteResult } from './cases.ts';
import { walk } from './walker.ts';

const caseSchema = z.object({
  id: z.string(),
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

export function run(folder: string): SuiteResult {
  return runCases(z.array(caseSchema).parse(readCases(folder, 'intrinsic.jsonl')), judge);
}

function judge(recorded: IntrinsicCase): Miss | undefined {
  const { executionSucceededEventDetails: succeeded, executionFailedEventDetails: failed } = recorded.terminal;
  const expected = JSON.stringify(succeeded?.output ?? failed);
  const actual = outcome(recorded);
  const passed = succeeded === undefined ? actual.error === failed?.error : sameOutput(actual.output, succeeded.output);
  return passed ? undefined : { id: recorded.id, expected, actual: JSON.stringify(actual) };
}

function outcome(recorded: IntrinsicCase): { readonly output?: Json; readonly error?: string } {
  const input = JSON.parse(recorded.input) as Json;
  const context = { Execution: { Input: input }, StateMachine: { Name: stateMachineName } };
  try {
    return { output: walk(recorded.definition, input, context) };
  } catch (error) {
    return { error: error instanceof StatesError ? error.error : String(error) };
  }
}

function sameOutput(actual: Json | undefined, expected: Json): boolean {
  return actual !== undefined && sameJson(actual, expected);
}
