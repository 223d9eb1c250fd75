/** Runs a machine of Pass and Choice states in memory: all that the recorded choice and intrinsic cases consist of. */
import { evaluateChoice } from '../../local/stepfunctions/language/choice.ts';
import {
  applyInputPath,
  applyOutputPath,
  applyParameters,
  applyResultPath,
} from '../../local/stepfunctions/language/data-flow.ts';
import { parseDefinition, type State } from '../../local/stepfunctions/language/definition.ts';
import type { Json } from '../../local/stepfunctions/language/json.ts';

const mostSteps = 100;

/** The output of the execution. @throws StatesError as the state that fails does */
export function walk(definitionText: string, input: Json, context: Json): Json {
  const definition = parseDefinition(definitionText);
  let name: string | undefined = definition.StartAt;
  let data = input;
  for (let step = 0; name !== undefined; step += 1) {
    const state: State | undefined = definition.States[name];
    if (step === mostSteps || (state?.Type !== 'Choice' && state?.Type !== 'Pass')) {
      throw new Error(`The walker stops at ${name} (${state?.Type ?? 'no such state'}) after ${step} states.`);
    }
    const taken = applyInputPath(state, data, context);
    if (state.Type === 'Choice') {
      name = evaluateChoice(state, taken, context);
      data = applyOutputPath(state, taken, context);
    } else {
      const result = state.Result === undefined ? applyParameters(state, taken, context) : state.Result;
      data = applyOutputPath(state, applyResultPath(state, data, result), context);
      name = state.Next;
    }
  }
  return data;
}
