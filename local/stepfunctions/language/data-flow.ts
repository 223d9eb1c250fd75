/**
 * What happens to a state's data on its way in and out, in this order: InputPath, Parameters (or ItemSelector, per item),
 * the state's work, ResultSelector, ResultPath (over the *raw* input), OutputPath.
 */
import type { Json } from './json.ts';
import { readPath, writeReferencePath } from './path.ts';
import { renderTemplate } from './template.ts';

export function applyInputPath(state: { readonly InputPath?: string | null }, input: Json, context: Json): Json {
  if (state.InputPath === null) return {};
  return state.InputPath === undefined ? input : readPath(state.InputPath, input, context);
}

export function applyParameters(state: { readonly Parameters?: Json }, input: Json, context: Json): Json {
  return state.Parameters === undefined ? input : renderTemplate(state.Parameters, input, context);
}

export function applyResultSelector(state: { readonly ResultSelector?: Json }, result: Json, context: Json): Json {
  return state.ResultSelector === undefined ? result : renderTemplate(state.ResultSelector, result, context);
}

/** @param rawInput the state's input before InputPath */
export function applyResultPath(state: { readonly ResultPath?: string | null }, rawInput: Json, result: Json): Json {
  if (state.ResultPath === null) return rawInput;
  return state.ResultPath === undefined ? result : writeReferencePath(rawInput, state.ResultPath, result);
}

export function applyOutputPath(state: { readonly OutputPath?: string | null }, output: Json, context: Json): Json {
  if (state.OutputPath === null) return {};
  return state.OutputPath === undefined ? output : readPath(state.OutputPath, output, context);
}
