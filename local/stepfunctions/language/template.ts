/**
 * Payload templates: fields whose name ends in `.$` take their value from a path or an intrinsic function, all else is
 * taken as it is. Source: Amazon States Language specification, "Payload Template".
 */
import { StatesError } from './errors.ts';
import { evaluateIntrinsic } from './intrinsics.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { readPath } from './path.ts';

/** @throws StatesError States.Runtime, States.IntrinsicFailure */
export function renderTemplate(template: Json, input: Json, context: Json): Json {
  if (!isStructure(template)) return template;
  const known = renderers.get(template);
  if (known !== undefined) return known(input, context);
  const renderer = compile(template);
  renderers.set(template, renderer);
  return renderer(input, context);
}

/** A path (`$…`) or an intrinsic function. @param field the name of the field, for the message */
export function evaluateExpression(expression: string, input: Json, context: Json, field: string): Json {
  return expression.startsWith('$') ? readPath(expression, input, context, field) : evaluateIntrinsic(expression, input, context);
}

type Renderer = (input: Json, context: Json) => Json;

/** Templates are parts of a definition, which nobody changes: one compilation serves all executions. */
const renderers = new WeakMap<object, Renderer>();

function compile(template: Json): Renderer {
  if (!isStructure(template) || !isDynamic(template)) return () => template;
  if (Array.isArray(template)) {
    const items = template.map(compile);
    return (input, context) => items.map((item) => item(input, context));
  }
  const fields = Object.entries(template).map(([name, value]) => compileField(name, value));
  return (input, context) => Object.fromEntries(fields.map(([name, render]) => [name, render(input, context)]));
}

function compileField(name: string, value: Json): readonly [string, Renderer] {
  if (!name.endsWith('.$')) return [name, compile(value)];
  if (typeof value !== 'string') throw new StatesError('States.Runtime', `The field '${name}' needs a path or an intrinsic function.`);
  return [name.slice(0, -2), (input, context) => evaluateExpression(value, input, context, name)];
}

function isStructure(template: Json): template is Json[] | JsonObject {
  return Array.isArray(template) || isJsonObject(template);
}

function isDynamic(template: Json): boolean {
  if (!isStructure(template)) return false;
  return Object.entries(template).some(([name, value]) => (!Array.isArray(template) && name.endsWith('.$')) || isDynamic(value));
}
