/**
 * What Lambdas and task programs say in their logs: the events, their fields, and the metrics that go with them. This
 * table is the only place where these are named; `docs/observability.md` is checked against it.
 */

/** What a field holds, and in which unit. `value` is never set: it carries the type. */
interface Field<Value> {
  readonly about: string;
  readonly value?: Value;
}

export const fields = {
  migration: text('name of the migration'),
  database: text('name of the database, as on the source'),
  attempt: number('try of the database, counted over all passes'),
  stage: text('of the branch: `dump`, `import` or `verify`'),
  executionArn: text('of the branch; of the run where there is no database'),
  requestId: text('of the Lambda invocation'),
  run: text('name of the execution'),
  pass: number('of the run, from 1'),
  seconds: number('from the start of the task, waiting for a slot included'),
  slotWaitSeconds: number('the dump waited for its slot on the source'),
  tables: number('base tables'),
  rows: number('of all tables'),
  sqlBytes: number('bytes of SQL text, uncompressed'),
  dumpBytes: number('bytes of the dump as stored'),
  exitCode: number('of the task program'),
  error: text('name of the failure, from docs/troubleshooting.md'),
  tries: number('failed tries of the stage in this pass'),
  delaySeconds: number('before the next try, or the next question'),
  outcome: text('how the branch goes on: `HOLD`, `HELD`, `RESUME`, `RETRY`, `WAIT` or `DEAD_LETTER`'),
  need: text('what a held branch waits for: `source`, `target`, `storage`, `records`, `capacity` or `aws`'),
  heldSeconds: number('in which the branch has been held in its stage'),
  connections: number('of the target, the gate\'s own left out'),
  holders: number('of slots on the target before the answer'),
  limit: number('the run\'s maxConnections'),
  polls: number('questions that the gate has refused this branch since its last grant'),
  waitSeconds: number('since the gate first refused this branch'),
  status: text('of the execution: `FAILED`, `ABORTED` or `TIMED_OUT`'),
  recorded: flag('whether the record had to be put right'),
  registered: flag('whether the database now enters at its import'),
  reason: text('why not'),
  databases: number('in the pass'),
  accounts: number('whose grants reach a database of the pass'),
  total: number('databases of the run'),
  verified: number('of these, VERIFIED'),
  deadLettered: number('of these, DEAD_LETTERED'),
  unfinished: number('of these, neither'),
  redriveCount: number('of the execution'),
  runs: number('executions under way'),
  migrations: number('migrations with a run under way'),
  stack: text('of the JavaScript error, for `InternalError` alone'),
} as const satisfies Record<string, Field<unknown>>;

export type FieldName = keyof typeof fields;
type ValueOf<Name extends FieldName> = NonNullable<(typeof fields)[Name]['value']>;

type Level = 'info' | 'warn' | 'error';

interface EventKind {
  readonly level: Level;
  readonly about: string;
  /** Always there; fields that are not listed may be there too. */
  readonly fields: readonly FieldName[];
}

const branch = ['migration', 'database', 'executionArn'] as const;
const stage = [...branch, 'attempt', 'stage'] as const;

export const events = {
  StageStarted: event('info', 'A task has read its environment and begins.', stage),
  StageProgress: event('info', 'A long task is still at work: once a minute, with what it moved since the last time.', [...stage, 'seconds']),
  StageSucceeded: event('info', 'A task has done its stage, and its report is stored.', [...stage, 'seconds']),
  StageFailed: event('error', 'A task gives up; its report, or its exit code, tells the workflow why.', ['error', 'exitCode']),
  StageWarning: event('warn', 'A task did its stage in another way than usual; the message says how.', stage),
  FreezeBegan: event('info', 'Writers are shut out of a database of the source, until the time in the message.', stage),
  FreezeEnded: event('info', 'Writers are let in again, because the branch needs the freeze no more; with revoke and a verified database, only the lock is gone.', stage),
  FreezeLost: event('warn', 'Writers were let in before the branch was over: what it migrates does not become VERIFIED.', stage),
  WritersNotLetIn: event('error', 'Write privileges that a freeze withdrew could not be given back: ferry unfreeze does it.', [...stage, 'error']),
  CheckFailed: event('error', 'A part of what the doctor had a task look at from inside failed; its report says so too.', ['error', 'exitCode', 'stage']),
  ReportNotWritten: event('error', 'A task could not store its report: the workflow has only its exit code.', [...stage, 'error']),

  PassBegun: event('info', 'SelectDatabases has written the list of a pass.', ['migration', 'executionArn', 'run', 'pass', 'databases', 'verified']),
  AccountsMigrated: event('info', 'MigrateAccounts has done a step of a pass; who got what is in the report of the accounts.', ['migration', 'executionArn', 'run', 'pass', 'accounts']),
  PassTallied: event('info', 'TallyOutcomes has counted what a pass came to.', ['migration', 'executionArn', 'run', 'pass', 'total', 'verified', 'deadLettered', 'unfinished']),
  RunHeld: event('warn', 'HoldForRedrive fails the run on purpose: something is not VERIFIED.', ['migration', 'executionArn', 'run', 'pass', 'error']),
  RunContinued: event('info', 'HoldForRedrive lets a run begin its next pass: it was redriven, or databases wait for others that are there by now.', ['migration', 'executionArn', 'run', 'pass', 'redriveCount']),

  GateGranted: event('info', 'The gate has given a branch a slot on the target.', [...branch, 'connections', 'holders', 'limit', 'waitSeconds']),
  GateRefused: event('info', 'The gate has told a branch to ask again.', [...branch, 'connections', 'holders', 'limit', 'polls', 'waitSeconds', 'delaySeconds']),
  FailureClassified: event('warn', 'ClassifyFailure has named the failure of a stage, and says how the branch goes on.', [...stage, 'error', 'outcome', 'tries', 'delaySeconds']),
  OutageChecked: event('info', 'CheckOutage has looked whether a held branch can go on.', [...stage, 'need', 'outcome', 'heldSeconds', 'delaySeconds']),
  BranchEnded: event('warn', 'A branch has ended without verifying its database.', ['executionArn', 'status', 'recorded']),
  DumpRegistered: event('info', 'The event of a hand-made manifest has been looked at.', ['registered']),
  ProgressReported: event('info', 'The minute\'s counts of what is under way.', ['runs', 'migrations']),

  FunctionFailed: event('error', 'A Lambda throws; the message says what happened.', ['error']),
} as const satisfies Record<string, EventKind>;

export type EventName = keyof typeof events;

export type FieldValues = { readonly [Each in FieldName]?: ValueOf<Each> | undefined };

/** The event's own fields, and any other of the vocabulary. */
export type EventFields<Name extends EventName> = FieldValues & {
  readonly [Each in (typeof events)[Name]['fields'][number]]: ValueOf<Each>;
};

/** Units of Amazon CloudWatch. Source: CloudWatch API Reference, "MetricDatum". */
type Unit = 'Count' | 'Seconds' | 'Bytes';

interface MetricKind {
  readonly unit: Unit;
  readonly about: string;
  /** Each is a field of the event; the metric is counted once by `service` alone and once by `service` and this. */
  readonly by?: FieldName;
}

/**
 * Every metric has the one dimension `service`, the name of the stack; a few are counted by error too. A dimension's values are
 * custom metrics, paid for one by one: a database's name is a field of the event and never a dimension.
 */
export const metricNamespace = 'AuroraFerry';

export const metrics = {
  DumpSeconds: metric('Seconds', 'of a dump that succeeded, its wait for a slot left out'),
  SourceSlotWaitSeconds: metric('Seconds', 'a dump waited for its slot on the source'),
  DumpedSqlBytes: metric('Bytes', 'SQL text that mysqldump wrote, as it moves'),
  DumpStoredBytes: metric('Bytes', 'dumps as stored, compressed'),
  DumpedRows: metric('Count', 'rows in dumps'),
  ImportSeconds: metric('Seconds', 'of an import that succeeded'),
  ImportedSqlBytes: metric('Bytes', 'statements of rows that the target took, as they move'),
  ImportedRows: metric('Count', 'rows in imports that succeeded'),
  VerifySeconds: metric('Seconds', 'of a verification that succeeded'),
  Verifications: metric('Count', 'databases that became verified'),
  StageFailures: metric('Count', 'failed tries of a stage; each is followed by a hold, a retry or a dead letter', 'error'),
  DeadLetters: metric('Count', 'branches that gave their database up', 'error'),
  AbortedBranches: metric('Count', 'branches that were stopped or timed out: a redrive continues them'),
  GateGrants: metric('Count', 'slots that the gate gave'),
  GateRefusals: metric('Count', 'questions that the gate refused'),
  GateWaitSeconds: metric('Seconds', 'a branch waited at the gate, when it is let in'),
  TargetConnections: metric('Count', 'connections to the target, as the gate sees them'),
  TargetConnectionLimit: metric('Count', 'the limit that the gate keeps: maxConnections of the run'),
  RunsUnderWay: metric('Count', 'executions that are running'),
  DumpsInFlight: metric('Count', 'slots held on the source'),
  ImportsInFlight: metric('Count', 'slots held on the target, verifications included'),
  DatabasesPending: metric('Count', 'databases in PENDING, of the migrations with a run under way'),
  DatabasesDumping: metric('Count', 'databases in DUMPING'),
  DatabasesDumped: metric('Count', 'databases in DUMPED'),
  DatabasesImporting: metric('Count', 'databases in IMPORTING'),
  DatabasesImported: metric('Count', 'databases in IMPORTED'),
  DatabasesVerified: metric('Count', 'databases in VERIFIED'),
  DatabasesRetrying: metric('Count', 'databases in RETRYING'),
  DatabasesDeadLettered: metric('Count', 'databases in DEAD_LETTERED'),
} as const satisfies Record<string, MetricKind>;

export type MetricName = keyof typeof metrics;
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

function text(about: string): Field<string> {
  return { about };
}

function number(about: string): Field<number> {
  return { about };
}

function flag(about: string): Field<boolean> {
  return { about };
}

function event<const Names extends readonly FieldName[]>(level: Level, about: string, names: Names) {
  return { level, about, fields: names } as const;
}

function metric(unit: Unit, about: string, by?: FieldName): MetricKind {
  return { unit, about, ...(by === undefined ? {} : { by }) };
}
