/**
 * Long histories. A record's transitions are appended in the same write as its state, and the record is read whole by the
 * state machine; so when they grow many, the older ones move into items of their own beside it. None is ever lost: an item is
 * written before its transitions leave the record, and they leave it only if nothing has been moved or appended since.
 */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { FerryError } from '../errors.ts';
import { historyItem, historyItemPrefix } from '../names.ts';
import { mostTransitions, readRecord } from './read.ts';
import { type DatabaseRecord, type Transition, transitionSchema } from './record.ts';
import { itemsUnder, type RecordsTable, unlessConditionFails, update } from './table.ts';

/** What stays in the record, so that the next few passes need move nothing. */
const keptTransitions = 20;
/** Of an item as JSON; DynamoDB's own limit is 400 KB. */
const itemBytes = 100 * 1024;
/** Others append meanwhile: a branch at work does so every few seconds at most. */
const triesToMove = 10;

const historySchema = z.object({ from: z.number().int(), transitions: z.array(transitionSchema) });
type HistoryItem = z.infer<typeof historySchema>;

/** Moves older transitions out of a record that holds more than `mostTransitions`. May be done by several at once, and cut off anywhere. */
export async function shortenHistory(table: RecordsTable, database: string): Promise<void> {
  for (let tries = 0; tries < triesToMove; tries += 1) {
    const record = await readRecord(table, database);
    if (record === undefined || record.transitions.length <= mostTransitions) return;
    const older = record.transitions.slice(0, -keptTransitions);
    for (const item of itemsOf(older, record.earlierTransitions ?? 0)) await writeItem(table, database, item);
    if (await trimRecord(table, record, older.length)) return;
  }
}

/** The record with all of its transitions. @throws FerryError RecordsFailed when some of them are gone */
export async function withHistory(table: RecordsTable, record: DatabaseRecord): Promise<DatabaseRecord> {
  const { database, earlierTransitions: earlier = 0 } = record;
  if (earlier === 0) return record;
  const read = new Map<number, Transition>();
  for await (const { from, transitions } of readItems(table, database)) {
    for (const [index, transition] of transitions.entries()) read.set(from + index, transition);
  }
  // What a move that was cut off has written is in the record still, and not counted as earlier.
  const older = Array.from({ length: earlier }, (_, index) => read.get(index)).filter((transition) => transition !== undefined);
  if (older.length < earlier) {
    const prefix = historyItemPrefix(database);
    const message = `${earlier - older.length} of the ${earlier} older transitions of \`${database}\` are not in the table: items ${prefix}… of migration ${table.migration} were removed.`;
    throw new FerryError('RecordsFailed', message);
  }
  return { ...record, transitions: [...older, ...record.transitions], earlierTransitions: 0 };
}

/** By bytes from the first on, so that whoever moves the same transitions makes the same items, but for how full the last one is. */
function itemsOf(transitions: readonly Transition[], earlier: number): HistoryItem[] {
  const items: HistoryItem[] = [];
  let bytes = Infinity;
  for (const [index, transition] of transitions.entries()) {
    const size = Buffer.byteLength(JSON.stringify(transition));
    if (bytes + size > itemBytes) {
      items.push({ from: earlier + index, transitions: [] });
      bytes = 0;
    }
    items.at(-1)?.transitions.push(transition);
    bytes += size;
  }
  return items;
}

/** One that holds more already, of somebody who came later and read more, stays: it begins with the same. */
async function writeItem({ client, tableName, migration }: RecordsTable, database: string, item: HistoryItem): Promise<void> {
  await unlessConditionFails(() =>
    client.send(
      new PutCommand({
        TableName: tableName,
        Item: { migration, item: historyItem(database, item.from), database, ...item },
        ConditionExpression: 'attribute_not_exists(#item) OR size(#transitions) <= :length',
        ExpressionAttributeNames: { '#item': 'item', '#transitions': 'transitions' },
        ExpressionAttributeValues: { ':length': item.transitions.length },
      }),
    ),
  );
}

/** @returns false when something has been moved or appended since the record was read */
async function trimRecord(table: RecordsTable, { database, transitions, earlierTransitions: earlier }: DatabaseRecord, moved: number): Promise<boolean> {
  return update(table, database, {
    UpdateExpression: 'SET #transitions = :kept, #earlier = :earlier',
    ConditionExpression: `size(#transitions) = :length AND ${earlier === undefined ? 'attribute_not_exists(#earlier)' : '#earlier = :before'}`,
    ExpressionAttributeNames: { '#transitions': 'transitions', '#earlier': 'earlierTransitions' },
    ExpressionAttributeValues: {
      ':kept': transitions.slice(moved),
      ':earlier': (earlier ?? 0) + moved,
      ':length': transitions.length,
      ...(earlier === undefined ? {} : { ':before': earlier }),
    },
  });
}

async function* readItems(table: RecordsTable, database: string): AsyncGenerator<HistoryItem> {
  for await (const items of itemsUnder(table, historyItemPrefix(database), { consistent: true })) {
    for (const item of items) yield historySchema.parse(item);
  }
}
