/**
 * The record of a database says how many of its objects cannot run, so that every list of what is verified can say it
 * too.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { databaseItem } from '../../core/names.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';

/**
 * On the first attempt there is nothing to take back, so that a database all of whose objects run costs no request. A
 * record that belongs to another branch by now is left to it.
 * @throws FerryError RecordsFailed
 */
export async function noteCannotRun({ slots, task }: TaskContext, objects: number): Promise<void> {
  if (objects === 0 && task.attempt === 1) return;
  const update = new UpdateCommand({
    TableName: slots.tableName,
    Key: { migration: task.migration, item: databaseItem(task.database) },
    UpdateExpression: objects === 0 ? 'REMOVE #cannotRun' : 'SET #cannotRun = :objects',
    ConditionExpression: '#owner = :me AND #attempt = :attempt',
    ExpressionAttributeNames: { '#cannotRun': 'cannotRun', '#owner': 'owner', '#attempt': 'attempt' },
    ExpressionAttributeValues: {
      ':me': task.branch,
      ':attempt': task.attempt,
      ...(objects === 0 ? {} : { ':objects': objects }),
    },
  });
  await withRecords('Noting what cannot run', () =>
    slots.client.send(update).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }),
  );
}
