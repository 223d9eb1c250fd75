/** AWS's recorded answers of Choice states. */
import { z } from 'zod';
import { sameJson, type Json } from '../../local/stepfunctions/language/json.ts';
import { passed, type Outcome, type Suite } from './cases.ts';
import { walk } from './walker.ts';

const caseSchema = z.object({ definition: z.string(), input: z.string(), output: z.json() });

export const choice: Suite = { file: 'choice.jsonl', judge: (recorded) => judge(caseSchema.parse(recorded)) };

function judge(recorded: z.infer<typeof caseSchema>): Outcome {
  const expected = JSON.stringify(recorded.output);
  try {
    const output = walk(recorded.definition, JSON.parse(recorded.input) as Json, {});
    return sameJson(output, recorded.output) ? passed : { kind: 'miss', expected, actual: JSON.stringify(output) };
  } catch (error) {
    return { kind: 'miss', expected, actual: String(error) };
  }
}
