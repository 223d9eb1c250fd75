/** The graph of a States Language definition: states, and every way from one to another. */
import { z } from 'zod';

const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.looseObject({ And: z.array(conditionSchema).optional(), Or: z.array(conditionSchema).optional(), Not: conditionSchema.optional(), Variable: z.string().optional() }),
);
interface Condition {
  readonly [member: string]: unknown;
  readonly And?: readonly Condition[] | undefined;
  readonly Or?: readonly Condition[] | undefined;
  readonly Not?: Condition | undefined;
  readonly Variable?: string | undefined;
}

const stateSchema = z.object({
  Type: z.enum(['Task', 'Choice', 'Pass', 'Wait', 'Succeed', 'Fail', 'Map', 'Parallel']),
  Comment: z.string().optional(),
  Resource: z.string().optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Choices: z.array(conditionSchema).optional(),
  Default: z.string().optional(),
  Retry: z.array(z.unknown()).optional(),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() })).optional(),
  ItemProcessor: z.lazy((): z.ZodType<Machine> => machineSchema).optional(),
});
type State = z.infer<typeof stateSchema>;

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly ProcessorConfig?: { readonly Mode?: string | undefined } | undefined;
}
const machineSchema: z.ZodType<Machine> = z.object({
  StartAt: z.string(),
  States: z.record(z.string(), stateSchema),
  ProcessorConfig: z.object({ Mode: z.string().optional() }).optional(),
});

export interface Node {
  readonly id: string;
  readonly kind: 'Start' | 'End' | State['Type'];
  readonly name: string;
  /** What it does, for people: `Lambda: Invoke`, `Choice`. */
  readonly detail: string;
  readonly comment: string;
  readonly retried: boolean;
  /** Of a Map: the workflow of its items. */
  readonly inner: Graph | undefined;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'catch';
  readonly label: string;
}

/** A catch that many states share: a mark on each of them instead of as many lines to one place. */
export interface Connector {
  readonly to: string;
  readonly label: string;
  readonly from: readonly string[];
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly connectors: readonly Connector[];
}

/** From so many on, lines would cover what they connect. */
const sharedBy = 4;

/** @param text Amazon States Language, as JSON. @throws ZodError */
export function readGraph(text: string): Graph {
  return graphOf(machineSchema.parse(JSON.parse(text)), '');
}

function graphOf(machine: Machine, prefix: string): Graph {
  const idOf = (name: string): string => `${prefix}${name}`;
  const [start, end] = [idOf('(start)'), idOf('(end)')];
  const states = Object.entries(machine.States);
  const nodes = states.map(([name, state]): Node => ({
    id: idOf(name),
    kind: state.Type,
    name,
    detail: detailOf(state),
    comment: state.Comment ?? '',
    retried: (state.Retry ?? []).length > 0,
    inner: state.ItemProcessor === undefined ? undefined : graphOf(state.ItemProcessor, `${idOf(name)}/`),
  }));
  const terminal = (id: string, kind: 'Start' | 'End'): Node => ({ id, kind, name: kind, detail: '', comment: '', retried: false, inner: undefined });
  const first: Edge = { from: start, to: idOf(machine.StartAt), kind: 'next', label: '' };
  const edges = [first, ...states.flatMap(([name, state]) => edgesOf(idOf(name), state, idOf, end))];
  return { nodes: [terminal(start, 'Start'), ...nodes, terminal(end, 'End')], ...connect(edges) };
}

function connect(all: readonly Edge[]): Pick<Graph, 'edges' | 'connectors'> {
  const sameEnd = (edge: Edge) => (other: Edge): boolean => other.kind === 'catch' && other.to === edge.to && other.label === edge.label;
  const shared = all.filter((edge) => edge.kind === 'catch' && all.filter(sameEnd(edge)).length >= sharedBy);
  const ends = shared.filter((edge, index) => shared.findIndex(sameEnd(edge)) === index);
  return {
    edges: all.filter((edge) => !shared.includes(edge)),
    connectors: ends.map((edge) => ({ to: edge.to, label: edge.label, from: shared.filter(sameEnd(edge)).map(({ from }) => from) })),
  };
}

function edgesOf(from: string, state: State, idOf: (name: string) => string, end: string): Edge[] {
  const to = (name: string, label = '', kind: Edge['kind'] = 'next'): Edge => ({ from, to: idOf(name), kind, label });
  const isLast = state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
  return joined([
    ...(state.Choices ?? []).map((choice) => to(String(choice['Next']), describeCondition(choice))),
    ...(state.Default === undefined ? [] : [to(state.Default, otherwise)]),
    ...(state.Next === undefined ? [] : [to(state.Next)]),
    ...(isLast ? [{ from, to: end, kind: 'next' as const, label: '' }] : []),
    ...catchersOf(state).map((catcher) => to(catcher.Next, describeErrors(catcher.ErrorEquals), 'catch')),
  ]);
}

function detailOf({ Type, Resource, ItemProcessor }: State): string {
  if (Type === 'Map') return ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED' ? 'Distributed Map' : 'Map';
  const match = /^arn:aws:states:::(?:aws-sdk:)?(\w+):(\w+)/.exec(Resource ?? '');
  if (match?.[1] === undefined || match[2] === undefined) return Type;
  return `${services.get(match[1]) ?? match[1]}: ${match[2].charAt(0).toUpperCase()}${match[2].slice(1)}`;
}

/** Without those that lead where everything else is caught to: they are listed for their names alone. */
function catchersOf({ Catch: all = [] }: State): NonNullable<State['Catch']> {
  const rest = all.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
  return all.filter((catcher) => catcher === rest || catcher.Next !== rest?.Next);
}

const services = new Map([
  ['lambda', 'Lambda'],
  ['dynamodb', 'DynamoDB'],
  ['ecs', 'ECS'],
  ['s3', 'S3'],
  ['sqs', 'SQS'],
  ['sns', 'SNS'],
]);

/** `DynamoDB.ConditionalCheckFailedException` as `ConditionalCheckFailed`; everything as nothing. */
function describeErrors(errors: readonly string[]): string {
  return errors.map((error) => (error === 'States.ALL' ? '' : error.replace(/^\w+\./, '').replace(/Exception$/, ''))).join(', ');
}

const operators = new Map([
  ['Equals', '='],
  ['LessThan', '<'],
  ['LessThanEquals', '≤'],
  ['GreaterThan', '>'],
  ['GreaterThanEquals', '≥'],
]);

/** `retryable and tries.dump < maxAttempts`, `checkpoint = DUMPED or IMPORTED` */
function describeCondition(condition: Condition): string {
  if (condition.And !== undefined) return condition.And.map((each) => (each.Or === undefined ? describeCondition(each) : `(${describeCondition(each)})`)).join(' and ');
  if (condition.Or !== undefined) return anyOf(condition.Or.map(describeCondition));
  if (condition.Not !== undefined) return `not ${describeCondition(condition.Not)}`;
  const variable = shorten(condition.Variable ?? '');
  const [operator, value] = Object.entries(condition).find(([member]) => member !== 'Variable' && member !== 'Next' && member !== 'Comment') ?? ['', ''];
  const compared = /^(?:String|Numeric|Boolean|Timestamp)(\w+?)(Path)?$/.exec(operator);
  if (operator === 'BooleanEquals') return value === true ? variable : `not ${variable}`;
  const sign = operators.get(compared?.[1] ?? '') ?? operator;
  return `${variable} ${sign} ${compared?.[2] === undefined ? String(value) : shorten(String(value))}`;
}

/** What the conditions begin with alike is said once. */
function anyOf(conditions: readonly string[]): string {
  const subject = /^\S+ = /.exec(conditions[0] ?? '')?.[0] ?? '';
  const alike = subject !== '' && conditions.every((each) => each.startsWith(subject) && !each.includes(' and '));
  return alike ? `${subject}${conditions.map((each) => each.slice(subject.length)).join(' or ')}` : conditions.join(' or ');
}

/** The last member of a path says enough; that of a plural (`tries.dump`) keeps its parent. */
function shorten(path: string): string {
  return path.replace(/^\$\./, '').replace(/^(?:\w+\.)*?((?:\w+s\.)?\w+)$/, '$1');
}

/** One way for each pair of states: several rules that lead to the same state are one, with what any of them asks. */
function joined(edges: readonly Edge[]): Edge[] {
  const ways = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = `${edge.kind} ${edge.to}`;
    ways.set(key, [...(ways.get(key) ?? []), edge]);
  }
  return [...ways.values()].flatMap((same) => {
    const [first] = same;
    const labels = same.map(({ label }) => label);
    return first === undefined ? [] : [{ ...first, label: labels.includes(otherwise) ? otherwise : anyOf(labels) }];
  });
}

const otherwise = 'otherwise';
