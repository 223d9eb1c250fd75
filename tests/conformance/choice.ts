/** AWS's recorded answers of Choice states. */
import { z } from 'zod';
import { sameJson, type Json } from '../../local/stepfunctions/language/json.ts';
import { readCases, runCases, type Miss, type SuiteResult } from './cases.ts';
import { walk } from './walker.ts';

const caseSchema = z.object({ id: z.string(), definition: z.string(), input: z.string(), output: z.json() });
type ChoiceCase = z.infer<typeof caseSchema>;

export function run(folder: string): SuiteResult {
  return runCases(z.array(caseSchema).parse(readCases(folder, 'choice.jsonl')), judge);
}

function judge(recorded: ChoiceCase): Miss | undefined {
  const expected = JSON.stringify(recorded.output);
  try {
    const output = walk(recorded.definition, JSON.parse(recorded.input) as Json, {});
    if (sameJson(output, recorded.output)) return undefined;
    return { id: recorded.id, expected, actual: JSON.stringify(output) };
  } catch (error) {
    return { id: recorded.id, expected, actual: String(error) };
  }
}
