/** The branch of one database: claim, dump, gate, import, verify. What fails in it is in `failure-path.ts`. */
import { functionCall } from './functions.ts';
import { failurePath } from './failure-path.ts';
import { numeric, claimed, me, now, recordKey, recordSelector, recordState, text } from './record-states.ts';
import { gateRetry, recordRetry, storageRetry } from './retries.ts';
import type { Json, StateMachine, States, TaskState } from './states.ts';
import { containerTask, failed, numberAt } from './task-states.ts';

const beginning: States = {
  ClaimDatabase: {
    Type: 'Task',
    Comment:
      'Makes this branch the owner of the record under a new attempt; a record that another live branch owns, or that is done, is left alone.',
    Resource: 'arn:aws:states:::dynamodb:updateItem',
    TimeoutSeconds: 60,
    Parameters: {
      ...recordKey,
      UpdateExpression: 'SET #owner = :me, #run = :run, #attempt = #attempt + :one, #updatedAt = :now',
      ConditionExpression:
        'attribute_exists(#item) AND #state <> :verified AND #checkpoint <> :unverified AND (attribute_not_exists(#owner) OR #owner = :me)',
      ExpressionAttributeNames: namesOf(['item', 'state', 'checkpoint', 'owner', 'run', 'attempt', 'updatedAt']),
      ExpressionAttributeValues: {
        ':me': me,
        ':run': text('$.run'),
        ':one': { N: '1' },
        ':now': now,
        ':verified': text('VERIFIED'),
        ':unverified': text('UNVERIFIED'),
      },
      ReturnValues: 'ALL_NEW',
    },
    ResultSelector: recordSelector,
    ResultPath: '$.record',
    Retry: recordRetry,
    Catch: [claimed],
    Next: 'ResumeWhereRecordSays',
  },
  ResumeWhereRecordSays: {
    Type: 'Choice',
    Comment: 'What an earlier branch, or an earlier try of this one, has finished is not done again.',
    Choices: [
      { Variable: '$.record.checkpoint', StringEquals: 'DUMPED', Next: 'CheckAuroraConnections' },
      { Variable: '$.record.checkpoint', StringEquals: 'IMPORTED', Next: 'CheckAuroraConnections' },
    ],
    Default: 'RecordDumping',
  },
};

const dumpEnvironment = {
  DUMP_THREADS: numberAt('$.dumpThreads'),
  ALLOWED_CHECKS: 'States.JsonToString($.allow)',
  VERIFICATION: '$.verification',
};

const dumping: States = {
  RecordDumping: recordState({
    comment: 'The dump starts; waiting for a slot on the source is part of it.',
    state: 'DUMPING',
    next: 'IsSourceFrozen',
  }),
  IsSourceFrozen: {
    Type: 'Choice',
    Comment: 'A freeze holds from before the dump until the branch is over.',
    Choices: [{ Variable: '$.freeze.mode', StringEquals: 'none', Next: 'DumpDatabase' }],
    Default: 'DumpFrozen',
  },
  DumpDatabase: containerTask({
    comment: 'Dumps the database from the source to the bucket.',
    stage: 'dump',
    timeoutPath: '$.timeoutSeconds.dump',
    environment: dumpEnvironment,
    next: 'ReadDumpReport',
  }),
  DumpFrozen: containerTask({
    comment:
      'Dumps the database while its writers are shut out. The task lives on and keeps them out until the branch is over; so it answers by its token, and a task that is not heard of is given up.',
    stage: 'dump',
    timeoutPath: '$.timeoutSeconds.dump',
    environment: {
      ...dumpEnvironment,
      FREEZE: '$.freeze.mode',
      FREEZE_MINUTES: numberAt('$.freeze.minutes'),
      TASK_TOKEN: '$$.Task.Token',
    },
    heartbeatSeconds: 600,
    next: 'ReadDumpReport',
  }),
  ReadDumpReport: readReport('dump', 'RecordDumped'),
  RecordDumped: recordState({
    comment: 'From here on a branch resumes at the import of this dump.',
    state: 'DUMPED',
    set: {
      checkpoint: text('DUMPED'),
      dumpManifest: text('$.dump.report.result.dumpManifest'),
      tables: numeric('$.dump.report.result.tables'),
      rows: numeric('$.dump.report.result.rows'),
      sqlBytes: numeric('$.dump.report.result.sqlBytes'),
      dumpBytes: numeric('$.dump.report.result.dumpBytes'),
    },
    reads: true,
    next: 'CheckAuroraConnections',
  }),
};

const gate: States = {
  CheckAuroraConnections: functionCall({
    comment: 'The gate: grants this branch a slot on the target while its connections stay under the limit.',
    function: 'CheckAuroraConnectionsFunction',
    timeoutSeconds: 60,
    payload: {
      'migration.$': '$.migration',
      'database.$': '$.database',
      'branch.$': '$$.Execution.Id',
      'limit.$': '$.maxConnections',
      'polls.$': '$.gate.polls',
      'since.$': '$.gate.since',
    },
    selects: ['granted', 'delaySeconds', 'polls', 'since'],
    resultPath: '$.gate',
    retry: gateRetry,
    catches: [failed],
    next: 'IsImportGranted',
  }),
  IsImportGranted: {
    Type: 'Choice',
    Comment: 'A branch that has no slot asks again later. A database that was imported is only verified.',
    Choices: [
      { Variable: '$.gate.granted', BooleanEquals: false, Next: 'WaitForConnections' },
      { Variable: '$.record.checkpoint', StringEquals: 'IMPORTED', Next: 'VerifyDatabase' },
    ],
    Default: 'RecordImporting',
  },
  WaitForConnections: {
    Type: 'Wait',
    Comment: 'As long as the gate says: longer the more the target is used and the more often this branch has asked.',
    SecondsPath: '$.gate.delaySeconds',
    Next: 'CheckAuroraConnections',
  },
};

const importing: States = {
  RecordImporting: recordState({
    comment: 'The import starts; the slot that was granted is held until the verification ends.',
    state: 'IMPORTING',
    next: 'ImportDatabase',
  }),
  ImportDatabase: containerTask({
    comment: 'Loads the dump into the target, and verifies it; what an earlier attempt left half loaded is dropped first.',
    stage: 'import',
    timeoutPath: '$.timeoutSeconds.import',
    environment: {
      DUMP_MANIFEST: '$.record.dumpManifest',
      // No recording says how States.Format prints a Boolean; as JSON it is `true` or `false`.
      REPLACE: 'States.JsonToString($.record.replace)',
      CONVERSION: 'States.JsonToString($.conversion)',
      VERIFICATION: '$.verification',
    },
    next: 'ReadImportReport',
  }),
  ReadImportReport: readReport('import', 'RecordImported'),
  RecordImported: recordState({
    comment: 'From here on a branch resumes at the verification.',
    state: 'IMPORTED',
    set: {
      checkpoint: text('IMPORTED'),
      tables: numeric('$.import.report.result.tables'),
      rows: numeric('$.import.report.result.rows'),
      conversions: numeric('$.import.report.result.conversions'),
    },
    reads: true,
    next: 'IsDatabaseVerified',
  }),
};

const verifying: States = {
  IsDatabaseVerified: {
    Type: 'Choice',
    Comment: 'The task of the import goes on to verify; where that failed, a task of its own finds out why.',
    Choices: [{ Variable: '$.import.report.result.verified', IsPresent: true, Next: 'RecordVerified' }],
    Default: 'VerifyDatabase',
  },
  VerifyDatabase: containerTask({
    comment: 'Compares what arrived with what the dump says was sent, then gives the slot back.',
    stage: 'verify',
    timeoutPath: '$.timeoutSeconds.verify',
    environment: { DUMP_MANIFEST: '$.record.dumpManifest', VERIFICATION: '$.verification' },
    next: 'RecordVerified',
  }),
  RecordVerified: recordState({
    comment:
      'Done, as VERIFIED or, where the run does not verify, as IMPORTED: the record is released, and no later pass touches it.',
    state: '$.outcome.state',
    set: { checkpoint: text('$.outcome.checkpoint'), replace: { BOOL: false } },
    release: true,
    outputPath: '$.database',
    next: 'DatabaseVerified',
  }),
  DatabaseVerified: { Type: 'Succeed', Comment: 'Children answer next to nothing, the name of the database: what they found is in the records.' },
};

export const branch: StateMachine = {
  StartAt: 'ClaimDatabase',
  States: { ...beginning, ...dumping, ...gate, ...importing, ...verifying, ...failurePath },
};

/** A task cannot answer Step Functions: what it found is in its report. */
function readReport(stage: 'dump' | 'import', next: string): TaskState {
  return {
    Type: 'Task',
    Comment: 'A task cannot answer Step Functions: what it found is in its report.',
    Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
    TimeoutSeconds: 60,
    Parameters: {
      Bucket: '${BucketName}',
      'Key.$': `States.Format('{}/reports/{}/{}/${stage}.json', $.migration, $.key, $.record.attempt)`,
    },
    ResultSelector: { 'report.$': 'States.StringToJson($.Body)' },
    ResultPath: `$.${stage}`,
    Retry: storageRetry,
    Catch: [failed],
    Next: next,
  };
}

function namesOf(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [`#${name}`, name]));
}
