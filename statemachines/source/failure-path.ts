/**
 * The one failure path of all stages. ClassifyFailure names the failure and decides; the states show it: a branch is held
 * while a server or service that all branches need is away, tries again, waits for another database, or is given up.
 */
import { functionCall } from './functions.ts';
import { recordState, text } from './record-states.ts';
import { queueRetry, topicRetry } from './retries.ts';
import type { Json, States } from './states.ts';

/** What both functions are told of the branch. */
const place = {
  'migration.$': '$.migration',
  'database.$': '$.database',
  'branch.$': '$$.Execution.Id',
  'attempt.$': '$.record.attempt',
  'checkpoint.$': '$.record.checkpoint',
  'dumpManifest.$': '$.record.dumpManifest',
  'maxAttempts.$': '$.maxAttempts',
  'holdMinutes.$': '$.holdMinutes',
  'recovery.$': '$.recovery',
} as const;

const recoveryMembers = [
  'outcome',
  'stage',
  'error',
  'message',
  'delaySeconds',
  'attempt',
  'checkpoint',
  'dumpManifest',
  'restingState',
  'tries',
  'hold',
] as const;

const letter: Json = {
  'migration.$': '$.migration',
  'database.$': '$.database',
  'error.$': '$.recovery.error',
  'message.$': '$.recovery.message',
  'attempt.$': '$.record.attempt',
  'run.$': '$.run',
  'branch.$': '$$.Execution.Id',
  'at.$': '$$.State.EnteredTime',
};

const deciding: States = {
  ClassifyFailure: functionCall({
    comment:
      "Names the failure from the task's own report or what ECS says, gives the branch's slot back, and decides how the branch goes on.",
    function: 'ClassifyFailureFunction',
    timeoutSeconds: 60,
    payload: { ...place, 'failure.$': '$.failure' },
    selects: recoveryMembers,
    resultPath: '$.recovery',
    next: 'HowToGoOn',
  }),
  HowToGoOn: {
    Type: 'Choice',
    Comment: 'Held without spending a try, back at work, tried again, left to a later pass, or given up.',
    Choices: [
      outcome('HOLD', 'RecordHeld'),
      outcome('HELD', 'WaitWhileHeld'),
      outcome('RESUME', 'RecordResumed'),
      outcome('RETRY', 'RecordRetry'),
      outcome('WAIT', 'RecordWaiting'),
    ],
    Default: 'RecordDeadLettered',
  },
};

const holding: States = {
  RecordHeld: recordState({
    comment:
      'The branch is held, since when and for what: a server or service that all branches need does not answer. No try is spent.',
    state: 'RETRYING',
    failure: true,
    holds: true,
    nextAttempt: true,
    reads: true,
    next: 'WaitWhileHeld',
  }),
  WaitWhileHeld: {
    Type: 'Wait',
    Comment: 'Held branches fill the concurrency of the Map, so that an outage does not eat the fleet.',
    SecondsPath: '$.recovery.delaySeconds',
    Next: 'CheckOutage',
  },
  CheckOutage: functionCall({
    comment: 'Whether the server answers again: one branch asks for all of them, so that no account is locked by refused logins.',
    function: 'CheckOutageFunction',
    timeoutSeconds: 60,
    payload: place,
    selects: recoveryMembers,
    resultPath: '$.recovery',
    next: 'HowToGoOn',
  }),
  RecordResumed: recordState({
    comment: 'The outage is over: the branch goes on where it was.',
    state: '$.recovery.restingState',
    next: 'ResumeWhereRecordSays',
  }),
};

const retrying: States = {
  RecordRetry: recordState({
    comment:
      'The failure stays in the transitions. The next try has a higher attempt, so that nothing of this one can be mistaken for it, and begins with the stage whose work is to be done again.',
    state: 'RETRYING',
    set: { checkpoint: text('$.recovery.checkpoint'), dumpManifest: text('$.recovery.dumpManifest') },
    failure: true,
    nextAttempt: true,
    reads: true,
    next: 'WaitBeforeRetry',
  }),
  WaitBeforeRetry: {
    Type: 'Wait',
    Comment: 'Exponential, with full jitter, so that branches which failed together do not return together.',
    SecondsPath: '$.recovery.delaySeconds',
    Next: 'ResumeWhereRecordSays',
  },
  RecordWaiting: recordState({
    comment:
      'Releases the record with its reason, as imported: the tally sends it through another pass of this run. Nothing is held meanwhile, so that what it waits for can come.',
    state: 'IMPORTED',
    failure: true,
    release: true,
    next: 'DatabaseWaits',
  }),
  DatabaseWaits: {
    Type: 'Succeed',
    Comment: 'The branch has done what it can: a database that this one refers to is not there yet.',
  },
};

const givingUp: States = {
  RecordDeadLettered: recordState({
    comment: 'Gives the database up with its reason and the stage that failed, and releases the record, so that a later pass can claim it.',
    state: 'DEAD_LETTERED',
    failure: true,
    release: true,
    next: 'SendDeadLetter',
  }),
  SendDeadLetter: {
    Type: 'Task',
    Comment: 'To the dead-letter queue, for whoever automates the remedy; the record says the same, so a queue that fails changes nothing.',
    Resource: 'arn:aws:states:::sqs:sendMessage',
    TimeoutSeconds: 60,
    Parameters: { QueueUrl: '${DeadLetterQueueUrl}', MessageBody: letter },
    ResultPath: null,
    Retry: queueRetry,
    Catch: [goesOn('PublishDeadLetter')],
    Next: 'PublishDeadLetter',
  },
  PublishDeadLetter: {
    Type: 'Task',
    Comment: 'To people who subscribed to the topic.',
    Resource: 'arn:aws:states:::sns:publish',
    TimeoutSeconds: 60,
    Parameters: { TopicArn: '${DeadLetterTopicArn}', Subject: 'Aurora Ferry: a database was dead-lettered', Message: letter },
    ResultPath: null,
    Retry: topicRetry,
    Catch: [goesOn('DatabaseDeadLettered')],
    Next: 'DatabaseDeadLettered',
  },
  DatabaseDeadLettered: {
    Type: 'Fail',
    Comment: 'Shows the branch as failed, with its reason, on the page of the Map Run.',
    ErrorPath: '$.recovery.error',
    CausePath: '$.recovery.message',
  },
  DatabaseClaimed: {
    Type: 'Fail',
    Comment: "The record is not this branch's, and was not touched.",
    Error: 'DatabaseClaimed',
    CausePath:
      "States.Format('The record of {} belongs to another branch, has moved on without this one, or is VERIFIED.', $.database)",
  },
};

export const failurePath: States = { ...deciding, ...holding, ...retrying, ...givingUp };

function outcome(name: string, next: string): Readonly<Record<string, Json>> {
  return { Variable: '$.recovery.outcome', StringEquals: name, Next: next };
}

function goesOn(next: string) {
  return { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: next } as const;
}
