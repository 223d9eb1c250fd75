/** The run: passes over what is not VERIFIED, each a Map with one branch for each database, until the operator is asked. */
import { firstRecovery } from '../../core/recovery/recovery.ts';
import { branch } from './branch.ts';
import { functionCall } from './functions.ts';
import { serverFunctionRetry } from './retries.ts';
import type { Json, MapState, StateMachine, States } from './states.ts';

const ofRun = { 'pass.$': '$.pass', 'runArn.$': '$$.Execution.Id' } as const;

const beginning: States = {
  SelectDatabases: functionCall({
    comment:
      'Checks and registers the databases of the input, and writes the list of this pass: what is not VERIFIED, largest first. The input is read from the execution, so that every pass starts from it.',
    function: 'SelectDatabasesFunction',
    timeoutSeconds: 900,
    payload: { 'input.$': '$$.Execution.Input', 'runArn.$': '$$.Execution.Id', 'run.$': '$$.Execution.Name' },
    resultSelector: { 'pass.$': '$.Payload' },
    resultPath: '$',
    next: 'IsAnythingToDo',
  }),
  IsAnythingToDo: {
    Type: 'Choice',
    Comment: 'Every database may have been VERIFIED before. Accounts are moved where the input asks for it.',
    Choices: [
      { Variable: '$.pass.count', NumericEquals: 0, Next: 'TallyOutcomes' },
      { Variable: '$.pass.accounts', BooleanEquals: true, Next: 'MigrateAccounts' },
    ],
    Default: 'MigrateDatabases',
  },
  MigrateAccounts: functionCall({
    comment:
      'Makes on the target the accounts whose grants reach a database of the pass, with their global and database grants: before the branches, because definers need them. The function holds both secrets, so that no hash leaves it.',
    function: 'MigrateAccountsFunction',
    timeoutSeconds: 900,
    payload: { ...ofRun, step: 'accounts' },
    retry: serverFunctionRetry,
    next: 'MigrateDatabases',
  }),
};

/** What each branch is given: Distributed Maps know no variables of their parent. */
const branchInput: Json = {
  'migration.$': '$.pass.migration',
  'run.$': '$.pass.run',
  'database.$': '$$.Map.Item.Value.database',
  'key.$': '$$.Map.Item.Value.key',
  'dumpThreads.$': '$.pass.dumpThreads',
  'maxConnections.$': '$.pass.maxConnections',
  'maxAttempts.$': '$.pass.maxAttempts',
  'holdMinutes.$': '$.pass.holdMinutes',
  'timeoutSeconds.$': '$.pass.timeoutSeconds',
  'conversion.$': '$.pass.conversion',
  'allow.$': '$.pass.allow',
  'verification.$': '$.pass.verification',
  'outcome.$': '$.pass.outcome',
  'freeze.$': '$.pass.freeze',
  recovery: firstRecovery,
  gate: { polls: 0, since: '' },
};

const migrateDatabases: MapState = {
  Type: 'Map',
  Comment:
    'One branch for each database. Every failure is tolerated, so that none stops another: this state is green although branches have failed, and TallyOutcomes counts them. No Retry, because it would start a new Map Run over all of them.',
  Label: 'MigrateDatabases',
  MaxConcurrencyPath: '$.pass.maxConcurrency',
  ToleratedFailurePercentage: 100,
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'JSONL' },
    Parameters: { 'Bucket.$': '$.pass.bucket', 'Key.$': '$.pass.listKey' },
  },
  ItemSelector: branchInput,
  ItemProcessor: {
    StartAt: branch.StartAt,
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    States: branch.States,
  },
  ResultWriter: {
    Resource: 'arn:aws:states:::s3:putObject',
    Parameters: { 'Bucket.$': '$.pass.bucket', 'Prefix.$': '$.pass.resultsPrefix' },
  },
  ResultPath: null,
  Next: 'AreAccountsMoved',
};

const tallyMembers = [
  'total',
  'verified',
  'deadLettered',
  'unverified',
  'cannotRun',
  'unfinished',
  'allVerified',
  'anotherPass',
  'sample',
] as const;

const ending: States = {
  AreAccountsMoved: {
    Type: 'Choice',
    Comment: 'Grants on tables and routines wait until these are there.',
    Choices: [{ Variable: '$.pass.accounts', BooleanEquals: true, Next: 'GrantObjectPrivileges' }],
    Default: 'TallyOutcomes',
  },
  GrantObjectPrivileges: functionCall({
    comment: "Gives the accounts what they had on tables and routines of the pass's databases that are VERIFIED now.",
    function: 'MigrateAccountsFunction',
    timeoutSeconds: 900,
    payload: { ...ofRun, step: 'object-privileges' },
    retry: serverFunctionRetry,
    next: 'TallyOutcomes',
  }),
  TallyOutcomes: functionCall({
    comment: 'Counts what the pass came to, from the records.',
    function: 'TallyOutcomesFunction',
    timeoutSeconds: 300,
    payload: ofRun,
    selects: tallyMembers,
    resultPath: '$.tally',
    next: 'IsEverythingVerified',
  }),
  IsEverythingVerified: {
    Type: 'Choice',
    Comment: "Anything else is the operator's to look at, or waits for a database that may be there by now.",
    Choices: [{ Variable: '$.tally.allVerified', BooleanEquals: true, Next: 'EverythingVerified' }],
    Default: 'HoldForRedrive',
  },
  EverythingVerified: { Type: 'Succeed', Comment: 'Every database of the input arrived and was verified.' },
  HoldForRedrive: functionCall({
    comment:
      'Fails with DatabasesDeadLettered unless the execution was redriven since the tally. A failed Task is run again on redrive (a Fail state would only fail again), so a redrive passes here and starts the next pass, with a Map Run of its own. What waits for other databases passes without one, as long as passes bring it on.',
    function: 'HoldForRedriveFunction',
    timeoutSeconds: 60,
    payload: { 'pass.$': '$.pass', 'tally.$': '$.tally', 'runArn.$': '$$.Execution.Id' },
    next: 'SelectDatabases',
  }),
};

export const workflow: StateMachine = {
  Comment: 'Aurora Ferry: moves a fleet of MySQL databases to Amazon Aurora, one branch for each database.',
  StartAt: 'SelectDatabases',
  States: { ...beginning, MigrateDatabases: migrateDatabases, ...ending },
};
