/**
 * The element Condition of a policy statement.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or values".
 */
import type { Json } from '../stepfunctions/language/json.ts';
import { isJsonObject } from '../stepfunctions/language/json.ts';
import { PolicyFlaw } from './policy-flaw.ts';
import { arnMatcher, textMatcher, type Matcher } from './patterns.ts';

/** What is known of a request beside its action and resource, by the key's name in lower case. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

export type Condition = (context: RequestContext) => boolean;

/**
 * Keys that the local runtime gives a value, or rightly none, for every request. A policy that depends on any other is
 * refused, because it would decide differently here than on AWS.
 */
const knownKeys = new Set(
  [
    ...['aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:PrincipalIsAWSService', 'aws:RequestedRegion', 'aws:ResourceAccount', 'aws:SecureTransport'],
    ...['aws:SourceAccount', 'aws:SourceArn', 'aws:ViaAWSService', 'dynamodb:LeadingKeys', 'ecs:CreateAction', 'ecs:cluster'],
    ...['iam:PassedToService', 'kms:CallerAccount', 'kms:EncryptionContext:aws:logs:arn', 'kms:EncryptionContext:aws:s3:arn', 'kms:GrantIsForAWSResource', 'kms:ViaService'],
    ...['lambda:SourceFunctionArn', 's3:delimiter', 's3:max-keys', 's3:prefix', 's3:ResourceAccount', 's3:TlsVersion'],
    ...['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-aws-kms-key-id'],
  ].map((key) => key.toLowerCase()),
);

interface Operator {
  /** Whether a negated operator: true for a key that the request does not have, and when no value of the policy matches. */
  readonly negated: boolean;
  readonly compile: (value: string) => Matcher;
}

const numeric = (compare: (given: number, wanted: number) => boolean) => (value: string): Matcher => (text) => compare(Number(text), Number(value));
const equals = (value: string): Matcher => (text) => text === value;
const equalsIgnoringCase = (value: string): Matcher => (text) => text.toLowerCase() === value.toLowerCase();
const operator = (compile: Operator['compile'], negated = false): Operator => ({ negated, compile });

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: operator(equals),
  StringNotEquals: operator(equals, true),
  StringEqualsIgnoreCase: operator(equalsIgnoringCase),
  StringNotEqualsIgnoreCase: operator(equalsIgnoringCase, true),
  StringLike: operator(textMatcher),
  StringNotLike: operator(textMatcher, true),
  ArnEquals: operator(arnMatcher),
  ArnLike: operator(arnMatcher),
  ArnNotEquals: operator(arnMatcher, true),
  ArnNotLike: operator(arnMatcher, true),
  Bool: operator(equalsIgnoringCase),
  NumericEquals: operator(numeric((given, wanted) => given === wanted)),
  NumericNotEquals: operator(numeric((given, wanted) => given === wanted), true),
  NumericLessThan: operator(numeric((given, wanted) => given < wanted)),
  NumericLessThanEquals: operator(numeric((given, wanted) => given <= wanted)),
  NumericGreaterThan: operator(numeric((given, wanted) => given > wanted)),
  NumericGreaterThanEquals: operator(numeric((given, wanted) => given >= wanted)),
};

/**
 * All operators, and all keys of each, must hold; of a key's values any one.
 * @throws PolicyFlaw for an operator or key that is not known here
 */
export function compileCondition(condition: Json | undefined): Condition {
  if (condition === undefined) return () => true;
  if (!isJsonObject(condition)) throw new PolicyFlaw('Condition must be an object');
  const tests = Object.entries(condition).flatMap(([name, keys]) => {
    if (!isJsonObject(keys)) throw new PolicyFlaw(`Condition.${name} must be an object`);
    return Object.entries(keys).map(([key, values]) => compileTest(name, key, textsOf(values, `Condition.${name}.${key}`)));
  });
  return (context) => tests.every((test) => test(context));
}

function compileTest(name: string, key: string, values: readonly string[]): Condition {
  const known = key.toLowerCase();
  if (!knownKeys.has(known)) throw new PolicyFlaw(`the condition key ${key} is not known to the local runtime`);
  if (name === 'Null') return (context) => values.some((value) => (value.toLowerCase() === 'true') === (context[known] === undefined));
  const [, quantifier, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const found = Object.hasOwn(operators, base) ? operators[base] : undefined;
  if (found === undefined) throw new PolicyFlaw(`the condition operator ${name} is not known to the local runtime`);
  const matchers = values.map((value) => found.compile(value));
  const holds: Matcher = (text) => matchers.some((matches) => matches(text)) !== found.negated;
  return (context) => {
    const given = context[known];
    if (quantifier === 'ForAllValues') return given === undefined || listOf(given).every(holds);
    if (given === undefined) return ifExists !== undefined || (found.negated && quantifier === undefined);
    return listOf(given).some(holds);
  };
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** One value or a list of them, as text. @throws PolicyFlaw also for a policy variable */
export function textsOf(value: Json | undefined, where: string): readonly string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.map((each) => {
    if (typeof each !== 'string' && typeof each !== 'boolean' && typeof each !== 'number') throw new PolicyFlaw(`${where} must be text or a list of texts`);
    const text = String(each);
    if (text.includes('${')) throw new PolicyFlaw(`${where} has a policy variable, which the local runtime does not know: ${text}`);
    return text;
  });
}
