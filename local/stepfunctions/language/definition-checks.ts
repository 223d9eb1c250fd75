/** The structure of a definition: its graphs of states, and how they lie within each other. */
import { FerryError } from '../../../core/errors.ts';
import type { StateMachineDefinition } from './definition.ts';
import { checkFields, integer, oneOf, requireFields, text, anything, type FieldChecks } from './field-checks.ts';
import { isJsonObject, numberOf, parseJson, type Json, type JsonObject } from './json.ts';
import { processorConfig } from './map-checks.ts';
import { Place } from './place.ts';
import { checkState, queryLanguage } from './state-checks.ts';

/** Source: AWS Step Functions Developer Guide, "Service quotas". */
const longestDefinition = 1_048_576;
const longestStateName = 80;

/**
 * A definition as AWS would accept it at CreateStateMachine, and as the local runtime can run it.
 * A legacy `Iterator` comes back as `ItemProcessor`.
 * @throws FerryError UnsupportedDefinition; the message lists every problem with its state and field
 */
export function parseDefinition(definition: string): StateMachineDefinition {
  const problems: string[] = [];
  const machine = parseMachine(definition, Place.top(problems));
  if (machine !== undefined && problems.length === 0) return machine;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw new FerryError('UnsupportedDefinition', `The state machine's definition has ${count}:\n${problems.map((one) => `- ${one}`).join('\n')}`);
}

function parseMachine(definition: string, place: Place): StateMachineDefinition | undefined {
  if (Buffer.byteLength(definition) > longestDefinition) place.refuse(`the definition is longer than ${longestDefinition} bytes`);
  const machine = parsed(definition, place);
  if (!isJsonObject(machine)) {
    if (machine !== undefined) place.refuse('the definition must be an object');
    return undefined;
  }
  const fields = { Version: oneOf('1.0'), QueryLanguage: queryLanguage, TimeoutSeconds: integer(1, 99_999_999) };
  checkGraph(machine, fields, place, new Set());
  return withItemProcessors(machine) as unknown as StateMachineDefinition; // checkGraph has looked at every field
}

function parsed(definition: string, place: Place): Json | undefined {
  try {
    return plainOutsideTemplates(parseJson(definition));
  } catch (error) {
    place.refuse(`the definition is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The fields whose numbers are data that passes on, and may keep their text. */
const templates = new Set(['Parameters', 'Result', 'ItemSelector', 'ResultSelector', 'BatchInput']);

/** Settings such as `"BackoffRate": 2.0` are numbers and no more. */
function plainOutsideTemplates(value: Json): Json {
  if (Array.isArray(value)) return value.map(plainOutsideTemplates);
  if (!isJsonObject(value)) return numberOf(value) ?? value;
  return mapFields(value, (field, name) => {
    // Names of states are no names of fields.
    if (name === 'States' && isJsonObject(field)) return mapFields(field, plainOutsideTemplates);
    return templates.has(name) ? field : plainOutsideTemplates(field);
  });
}

function mapFields(value: JsonObject, change: (field: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, change(field, name)]));
}

/** @param names of the states met so far: they are unique in the whole machine, not only in their graph */
function checkGraph(graph: JsonObject, further: FieldChecks, place: Place, names: Set<string>): void {
  checkFields(graph, { Comment: text, StartAt: text, States: anything, ...further }, place);
  requireFields(graph, ['StartAt', 'States'], place);
  const states = graph['States'];
  if (states === undefined) return;
  if (!isJsonObject(states) || Object.keys(states).length === 0) {
    place.field('States').refuse('must be an object with at least one state');
    return;
  }
  for (const [name, state] of Object.entries(states)) {
    checkName(name, place.state(name), names);
    if (isJsonObject(state)) checkWithin(state, place.state(name), names);
    else place.state(name).refuse('must be an object');
  }
  checkTransitions(graph['StartAt'], states, place);
}

function checkName(name: string, place: Place, names: Set<string>): void {
  if (name === '' || name.length > longestStateName) place.refuse(`a name has 1 to ${longestStateName} characters`);
  if (names.has(name)) place.refuse('another state of this machine has the same name');
  names.add(name);
}

function checkWithin(state: JsonObject, place: Place, names: Set<string>): void {
  checkState(state, place);
  if (state['Type'] === 'Parallel') checkBranches(state['Branches'], place.field('Branches'), names);
  if (state['Type'] !== 'Map') return;
  for (const field of ['ItemProcessor', 'Iterator']) {
    const processor = state[field];
    if (isJsonObject(processor)) checkGraph(processor, { ProcessorConfig: processorConfig }, place.field(field), names);
    else if (processor !== undefined) place.field(field).refuse('must be an object');
  }
}

function checkBranches(branches: Json | undefined, place: Place, names: Set<string>): void {
  if (!Array.isArray(branches) || branches.length === 0) {
    if (branches !== undefined) place.refuse('must be a list with at least one branch');
    return;
  }
  branches.forEach((branch, index) => {
    if (isJsonObject(branch)) checkGraph(branch, {}, place.item(index), names);
    else place.item(index).refuse('must be an object');
  });
}

function checkTransitions(startAt: Json | undefined, states: JsonObject, place: Place): void {
  if (typeof startAt !== 'string') return;
  if (!Object.hasOwn(states, startAt)) {
    place.field('StartAt').refuse(`names \`${startAt}\`, which is not among its states`);
    return;
  }
  for (const [name, state] of Object.entries(states)) {
    for (const { field, target } of transitionsOf(state)) {
      if (!Object.hasOwn(states, target)) place.state(name).field(field).refuse(`names \`${target}\`, which is not among the states beside it`);
    }
  }
  const reached = reachedFrom(startAt, states);
  for (const name of Object.keys(states)) if (!reached.has(name)) place.state(name).refuse('cannot be reached from StartAt');
}

function reachedFrom(startAt: string, states: JsonObject): Set<string> {
  const reached = new Set([startAt]);
  // A Set's iteration also visits what is added on the way.
  for (const name of reached) {
    for (const { target } of transitionsOf(states[name])) reached.add(target);
  }
  return reached;
}

function transitionsOf(state: Json | undefined): { readonly field: string; readonly target: string }[] {
  if (!isJsonObject(state)) return [];
  const places: [string, Json | undefined][] = [
    ['Next', state['Next']],
    ['Default', state['Default']],
    ...nextOfEach('Choices', state['Choices']),
    ...nextOfEach('Catch', state['Catch']),
  ];
  return places.flatMap(([field, target]) => (typeof target === 'string' ? [{ field, target }] : []));
}

function nextOfEach(field: string, list: Json | undefined): [string, Json | undefined][] {
  if (!Array.isArray(list)) return [];
  return list.map((entry, index) => [`${field}[${index}].Next`, isJsonObject(entry) ? entry['Next'] : undefined]);
}

/** Rewrites only what is a state; data of the same shape (a Pass state's Result) stays as it is. */
function withItemProcessors(graph: JsonObject): JsonObject {
  const states = graph['States'];
  if (!isJsonObject(states)) return graph;
  return { ...graph, States: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, withItemProcessor(state)])) };
}

function withItemProcessor(state: Json): Json {
  if (!isJsonObject(state)) return state;
  const { Iterator: iterator, ItemProcessor: processor = iterator, ...others } = state;
  if (state['Type'] === 'Map' && isJsonObject(processor)) return { ...others, ItemProcessor: withItemProcessors(processor) };
  const branches = state['Branches'];
  if (state['Type'] !== 'Parallel' || !Array.isArray(branches)) return state;
  return { ...state, Branches: branches.map((branch) => (isJsonObject(branch) ? withItemProcessors(branch) : branch)) };
}
