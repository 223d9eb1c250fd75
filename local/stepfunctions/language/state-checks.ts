/** The fields of each type of state, and what they must not contradict. */
import { choices } from './choice-checks.ts';
import { catchers, retriers } from './error-handling-checks.ts';
import {
  anything,
  atMostOneOf,
  checkFields,
  exactlyOneOf,
  expression,
  integer,
  nullable,
  objectTemplate,
  oneOf,
  onlyTrue,
  path,
  referencePath,
  requireFields,
  resultPath,
  template,
  text,
  timestamp,
  type FieldCheck,
  type FieldChecks,
} from './field-checks.ts';
import type { Json, JsonObject } from './json.ts';
import { checkMap, mapFields } from './map-checks.ts';
import type { Place } from './place.ts';

/** Source: AWS Step Functions Developer Guide, "Task": the longest time-out, just over three years. */
const mostSeconds = 99_999_999;

export const queryLanguage: FieldCheck = (value, place) => {
  if (value !== 'JSONPath') place.refuse(`${JSON.stringify(value)} is not implemented by the local runtime, only JSONPath`);
};

const common: FieldChecks = { Type: text, Comment: text, QueryLanguage: queryLanguage };
const inputOutput: FieldChecks = { InputPath: nullable(path), OutputPath: nullable(path) };
const transition: FieldChecks = { Next: text, End: onlyTrue };
const result: FieldChecks = { Parameters: template, ResultPath: nullable(resultPath) };
const errorHandling: FieldChecks = { ResultSelector: objectTemplate, Retry: retriers, Catch: catchers };

const resource: FieldCheck = (value, place) => {
  if (typeof value !== 'string' || !value.startsWith('arn:')) place.refuse(`must be an ARN, not ${JSON.stringify(value)}`);
  else if (value.includes('${')) place.refuse(`holds a substitution that nobody made: ${value}`);
};

interface StateRules {
  readonly fields: FieldChecks;
  readonly check: (state: JsonObject, place: Place) => void;
}

const stateRules: Readonly<Record<string, StateRules>> = {
  Task: {
    fields: {
      ...common,
      ...inputOutput,
      ...transition,
      ...result,
      ...errorHandling,
      Resource: resource,
      TimeoutSeconds: integer(1, mostSeconds),
      TimeoutSecondsPath: path,
      HeartbeatSeconds: integer(1, mostSeconds),
      HeartbeatSecondsPath: path,
      Credentials: objectTemplate,
    },
    check: checkTask,
  },
  Pass: { fields: { ...common, ...inputOutput, ...transition, ...result, Result: anything }, check: checkTransition },
  Choice: {
    fields: { ...common, ...inputOutput, Choices: choices, Default: text },
    check: (state, place) => {
      requireFields(state, ['Choices'], place);
    },
  },
  Wait: {
    fields: {
      ...common,
      ...inputOutput,
      ...transition,
      Seconds: integer(0, mostSeconds),
      SecondsPath: referencePath,
      Timestamp: timestamp,
      TimestampPath: referencePath,
    },
    check: (state, place) => {
      exactlyOneOf(state, ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'], place);
      checkTransition(state, place);
    },
  },
  Succeed: { fields: { ...common, ...inputOutput }, check: anything },
  Fail: {
    fields: { ...common, Error: text, ErrorPath: expression, Cause: text, CausePath: expression },
    check: (state, place) => {
      atMostOneOf(state, ['Error', 'ErrorPath'], place);
      atMostOneOf(state, ['Cause', 'CausePath'], place);
    },
  },
  Parallel: {
    // The branches are checked by definition-checks.ts, as the processor of a Map is.
    fields: { ...common, ...inputOutput, ...transition, ...result, ...errorHandling, Branches: anything },
    check: (state, place) => {
      requireFields(state, ['Branches'], place);
      checkTransition(state, place);
    },
  },
  Map: {
    fields: { ...common, ...inputOutput, ...transition, ...result, ...errorHandling, ...mapFields },
    check: (state, place) => {
      exactlyOneOf(state, ['ItemProcessor', 'Iterator'], place);
      checkMap(state, place);
      checkTransition(state, place);
    },
  },
};

/** Everything about one state but where it leads to and what runs within it. */
export function checkState(state: JsonObject, place: Place): void {
  const type: Json = state['Type'] ?? null;
  const rules = typeof type === 'string' && Object.hasOwn(stateRules, type) ? stateRules[type] : undefined;
  if (rules === undefined) {
    oneOf(...Object.keys(stateRules))(type, place.field('Type'));
    return;
  }
  checkFields(state, rules.fields, place);
  rules.check(state, place);
}

function checkTask(state: JsonObject, place: Place): void {
  requireFields(state, ['Resource'], place);
  checkTransition(state, place);
  atMostOneOf(state, ['TimeoutSeconds', 'TimeoutSecondsPath'], place);
  atMostOneOf(state, ['HeartbeatSeconds', 'HeartbeatSecondsPath'], place);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    place.field('HeartbeatSeconds').refuse('must be smaller than TimeoutSeconds');
  }
}

function checkTransition(state: JsonObject, place: Place): void {
  exactlyOneOf(state, ['Next', 'End'], place);
}
