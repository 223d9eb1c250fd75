/**
 * States that write a database's record. Each writes only as the record's owner and under its attempt, so that a branch
 * that is late or was replaced moves nothing backwards, and appends to `transitions` in the same write. A write whose
 * answer was lost is made again: so its condition also takes what it has written itself.
 */
import { recordRetry } from './retries.ts';
import type { Json, TaskState } from './states.ts';

interface RecordState {
  readonly comment: string;
  /** What the record's state becomes: a constant, or the path where it stands. */
  readonly state: string;
  readonly next: string;
  /** Further attributes, in DynamoDB's JSON. */
  readonly set?: Readonly<Record<string, Json>>;
  /** The failure that `$.recovery` tells: stays in the record and in the transition. Else the record's failure is cleared. */
  readonly failure?: boolean;
  /** The attempt becomes the one that `$.recovery` gives. */
  readonly nextAttempt?: boolean;
  /** The branch gives its ownership up. */
  readonly release?: boolean;
  /** The data goes on with the record as it is now. */
  readonly reads?: boolean;
  /** The hold begins with this. */
  readonly holds?: boolean;
  readonly outputPath?: string;
}

export function recordState(asked: RecordState): TaskState {
  const { comment, next, set = {}, failure = false, nextAttempt = false, release = false, reads = false, holds = false } = asked;
  const own: Record<string, Json> = {
    state: text(asked.state),
    updatedAt: now,
    ...set,
    ...(failure ? failureAttributes : {}),
    ...(nextAttempt ? { attempt: numeric('$.recovery.attempt') } : {}),
    ...(holds ? { heldSince: text('$.recovery.hold.since'), heldFor: text('$.recovery.hold.need') } : {}),
  };
  const removed = [
    ...(failure ? [] : ['error', 'errorMessage', 'errorStage']),
    ...(holds ? [] : ['heldSince', 'heldFor']),
    ...(release ? ['owner'] : []),
  ];
  const sets = [...Object.keys(own).map((name) => `#${name} = :${name}`), '#transitions = list_append(#transitions, :transition)'];
  const removing = removed.length === 0 ? [] : [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`];
  const names = [...new Set([...Object.keys(own), 'transitions', ...removed, 'owner', 'attempt', ...(release ? ['state'] : [])])];
  return {
    Type: 'Task',
    Comment: comment,
    Resource: 'arn:aws:states:::dynamodb:updateItem',
    TimeoutSeconds: 60,
    Parameters: {
      ...recordKey,
      UpdateExpression: [`SET ${sets.join(', ')}`, ...removing].join(' '),
      ConditionExpression: conditionOf({ nextAttempt, release }),
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(own).map(([name, value]) => [`:${name}`, value])),
        ':me': me,
        ':before': numeric('$.record.attempt'),
        ':transition': transition(asked.state, failure, holds),
      },
      ...(reads ? { ReturnValues: 'ALL_NEW' } : {}),
    },
    ...(reads ? { ResultSelector: recordSelector, ResultPath: '$.record' } : { ResultPath: null }),
    ...(asked.outputPath === undefined ? {} : { OutputPath: asked.outputPath }),
    Retry: recordRetry,
    Catch: [claimed],
    Next: next,
  };
}

/** Whose record it is: every write names it so. */
export const recordKey = {
  TableName: '${TableName}',
  Key: {
    migration: { 'S.$': '$.migration' },
    item: { 'S.$': "States.Format('database#{}', $.database)" },
  },
} as const;

/** What a branch knows of its record; its transitions stay in the table. */
export const recordSelector = {
  'attempt.$': 'States.StringToJson($.Attributes.attempt.N)',
  'checkpoint.$': '$.Attributes.checkpoint.S',
  'dumpManifest.$': '$.Attributes.dumpManifest.S',
  'replace.$': '$.Attributes.replace.BOOL',
} as const;

export const me = { 'S.$': '$$.Execution.Id' } as const;
export const now = { 'S.$': '$$.State.EnteredTime' } as const;

export const claimed = {
  ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'],
  ResultPath: '$.failure',
  Next: 'DatabaseClaimed',
} as const;

const failureAttributes = {
  error: text('$.recovery.error'),
  errorMessage: text('$.recovery.message'),
  errorStage: text('$.recovery.stage'),
} as const;

function conditionOf({ nextAttempt, release }: { readonly nextAttempt: boolean; readonly release: boolean }): string {
  const owned = release ? '(#owner = :me OR (attribute_not_exists(#owner) AND #state = :state))' : '#owner = :me';
  const attempt = nextAttempt ? '(#attempt = :before OR #attempt = :attempt)' : '#attempt = :before';
  return `${owned} AND ${attempt}`;
}

function transition(state: string, failure: boolean, holds: boolean): Json {
  return {
    L: [
      {
        M: {
          state: text(state),
          at: now,
          attempt: numeric('$.record.attempt'),
          by: me,
          ...(failure ? { error: failureAttributes.error, message: failureAttributes.errorMessage } : {}),
          ...(holds ? { heldFor: text('$.recovery.hold.need') } : {}),
        },
      },
    ],
  };
}

/** A text of DynamoDB: a constant, or what stands at a path. */
export function text(value: string): Json {
  return value.startsWith('$') ? { 'S.$': value } : { S: value };
}

/** A number of DynamoDB, which takes them as texts: what stands at a path. */
export function numeric(path: string): Json {
  return { 'N.$': `States.Format('{}', ${path})` };
}
