/**
 * A state machine's definition as data. The names are those of the Amazon States Language; a field that is not here is
 * not implemented by the local runtime, and `parseDefinition` refuses it.
 */
import type { Json, JsonObject } from './json.ts';

export { parseDefinition } from './definition-checks.ts';

/** What a state machine, a branch of Parallel and a processor of Map have in common. */
export interface StateGraph {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface StateMachineDefinition extends StateGraph {
  readonly Version?: string;
  readonly QueryLanguage?: 'JSONPath';
  /** Seconds; the execution ends as TIMED_OUT after them. */
  readonly TimeoutSeconds?: number;
}

export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

export type StateType = State['Type'];

interface StateBase {
  readonly Comment?: string;
  readonly QueryLanguage?: 'JSONPath';
}

interface InputOutput {
  /** `null` stands for `{}`; absent for `$`. */
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}

/** Exactly one of the two is there in a parsed definition. */
interface Transition {
  readonly Next?: string;
  readonly End?: true;
}

interface Result {
  readonly Parameters?: Json;
  /** `null` discards the result; absent means `$`. */
  readonly ResultPath?: string | null;
}

interface ErrorHandling {
  readonly ResultSelector?: JsonObject;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

/** Defaults are in `retry.ts`. */
export interface Retrier {
  readonly Comment?: string;
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly Comment?: string;
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

export interface TaskState extends StateBase, InputOutput, Transition, Result, ErrorHandling {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
  /** Accepted and without effect: the local runtime knows one account and no IAM. */
  readonly Credentials?: JsonObject;
}

export interface PassState extends StateBase, InputOutput, Transition, Result {
  readonly Type: 'Pass';
  readonly Result?: Json;
}

export interface ChoiceState extends StateBase, InputOutput {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

/** One top-level rule. */
export type ChoiceRule = ChoiceCondition & { readonly Comment?: string; readonly Next: string };

export type ChoiceCondition =
  | { readonly And: readonly ChoiceCondition[] }
  | { readonly Or: readonly ChoiceCondition[] }
  | { readonly Not: ChoiceCondition }
  | VariableTest;

/** Beside the variable stands exactly one operator with its operand. */
export type VariableTest = { readonly Variable: string } & Readonly<
  Partial<Record<OrderOperator | 'BooleanEquals' | 'StringMatches', string | number | boolean>> &
    Partial<Record<`${OrderOperator | 'BooleanEquals'}Path`, string>> &
    Partial<Record<'IsPresent' | 'IsNull' | 'IsString' | 'IsNumeric' | 'IsBoolean' | 'IsTimestamp', boolean>>
>;

type OrderOperator =
  `${'String' | 'Numeric' | 'Timestamp'}${'Equals' | 'LessThan' | 'LessThanEquals' | 'GreaterThan' | 'GreaterThanEquals'}`;

export interface WaitState extends StateBase, InputOutput, Transition {
  readonly Type: 'Wait';
  /** Exactly one of these four is there in a parsed definition. */
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface SucceedState extends StateBase, InputOutput {
  readonly Type: 'Succeed';
}

export interface FailState extends StateBase {
  readonly Type: 'Fail';
  readonly Error?: string;
  /** A reference path or an intrinsic. */
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export interface ParallelState extends StateBase, InputOutput, Transition, Result, ErrorHandling {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateGraph[];
}

export interface MapState extends StateBase, InputOutput, Transition, Result, ErrorHandling {
  readonly Type: 'Map';
  /** A legacy `Iterator` is parsed into an `ItemProcessor`; its mode is then INLINE. */
  readonly ItemProcessor: ItemProcessor;
  readonly ItemsPath?: string;
  readonly ItemReader?: ItemReader;
  /** Supersedes the legacy `Parameters`; both are payload templates over the Map state's input and `$$.Map.Item`. */
  readonly ItemSelector?: Json;
  readonly ItemBatcher?: ItemBatcher;
  /** 0 or absent: no limit (AWS: 40 inline, 10,000 distributed). */
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
  readonly ToleratedFailureCount?: number;
  readonly ToleratedFailureCountPath?: string;
  readonly ToleratedFailurePercentage?: number;
  readonly ToleratedFailurePercentagePath?: string;
  readonly Label?: string;
  readonly ResultWriter?: ResultWriter;
}

export interface ItemProcessor extends StateGraph {
  readonly ProcessorConfig?: ProcessorConfig;
}

export interface ProcessorConfig {
  readonly Mode?: 'INLINE' | 'DISTRIBUTED';
  readonly ExecutionType?: 'STANDARD' | 'EXPRESS';
}

export interface ItemReader {
  readonly Resource: 'arn:aws:states:::s3:getObject' | 'arn:aws:states:::s3:listObjectsV2';
  readonly Parameters?: JsonObject;
  readonly ReaderConfig?: ReaderConfig;
}

export interface ReaderConfig {
  readonly InputType?: 'JSON' | 'JSONL' | 'CSV';
  readonly CSVHeaderLocation?: 'FIRST_ROW' | 'GIVEN';
  readonly CSVHeaders?: readonly string[];
  readonly CSVDelimiter?: 'COMMA' | 'PIPE' | 'SEMICOLON' | 'SPACE' | 'TAB';
  readonly MaxItems?: number;
  readonly MaxItemsPath?: string;
}

export interface ItemBatcher {
  readonly BatchInput?: JsonObject;
  readonly MaxItemsPerBatch?: number;
  readonly MaxItemsPerBatchPath?: string;
  readonly MaxInputBytesPerBatch?: number;
  readonly MaxInputBytesPerBatchPath?: string;
}

export interface ResultWriter {
  readonly Resource?: 'arn:aws:states:::s3:putObject';
  readonly Parameters?: JsonObject;
  readonly WriterConfig?: WriterConfig;
}

export interface WriterConfig {
  readonly Transformation?: 'NONE' | 'COMPACT' | 'FLATTEN';
  readonly OutputType?: 'JSON' | 'JSONL';
}
