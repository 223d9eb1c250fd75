/** Amazon DynamoDB on one machine: dynalite's validation, expressions and answers over a durable store. */
import { createRequire } from 'node:module';
import { z } from 'zod';
import { isDiskFull } from '../storage/disk-full.ts';
import { AwsError, notImplemented } from '../endpoint/aws-error.ts';
import type { JsonHandler } from '../endpoint/handlers.ts';
import { ItemStore, storeForRequest, tableSpace } from './item-store.ts';

export interface DynamoDbOptions {
  /** The SQLite file; made when it is not there. One process at a time. */
  readonly file: string;
  readonly account?: string;
  readonly region?: string;
}

export interface DynamoDb {
  readonly handler: JsonHandler;
  /**
   * Creates the tables of a CloudFormation template that are not there yet; those that are stay as they are.
   * @param tables the `Properties` of `AWS::DynamoDB::Table` resources, intrinsic functions resolved; each has TableName
   */
  createTables(tables: readonly unknown[]): Promise<void>;
  close(): void;
}

const operations = [
  ...['CreateTable', 'DeleteTable', 'DescribeTable', 'ListTables', 'UpdateTable', 'DescribeTimeToLive'],
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'],
  ...['TagResource', 'UntagResource', 'ListTagsOfResource'],
];

export function createDynamoDb(options: DynamoDbOptions): DynamoDb {
  const items = new ItemStore(options.file);
  settleTables(items);
  const newStore = (): DynaliteStore => storeForRequest(items, options.region ?? 'us-east-1', options.account ?? '000000000000');
  const handler: JsonHandler = async (operation, body) => {
    if (!operations.includes(operation)) throw notImplemented('DynamoDB', operation);
    const answer = operation === 'BatchWriteItem' ? await batchWrite(newStore, body) : await perform(newStore(), operation, body);
    // dynalite makes and removes tables in a timer of 0 ms: this one comes after it.
    if (operation.endsWith('Table')) await new Promise((resolve) => setTimeout(resolve, 1));
    return answer;
  };
  return {
    handler,
    createTables: async (tables) => {
      for (const table of tables) await createTable(handler, items, table);
    },
    close: () => {
      items.close();
    },
  };
}

/** Ends what a killed process had begun: tables being created are complete, those being deleted are empty. */
function settleTables(items: ItemStore): void {
  for (const { key, value } of [...items.entries(tableSpace)]) {
    const table = JSON.parse(value) as { TableStatus: string; GlobalSecondaryIndexes?: { IndexStatus: string }[] };
    if (table.TableStatus === 'ACTIVE') continue;
    const deleting = table.TableStatus === 'DELETING';
    const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
    const settled = { ...table, TableStatus: 'ACTIVE', ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }) };
    items.write([{ space: tableSpace, key, ...(deleting ? {} : { value: settled }) }]);
  }
}

async function createTable(handler: JsonHandler, items: ItemStore, properties: unknown): Promise<void> {
  const table = tableProperties.parse(properties);
  if (items.get(tableSpace, table.TableName) === undefined) await handler('CreateTable', table);
}

/** What a table's behaviour depends on here; encryption, backups, tags and expiry have no local meaning and go. */
const tableProperties = z.object({
  TableName: z.string(),
  AttributeDefinitions: z.array(z.unknown()),
  KeySchema: z.array(z.unknown()),
  BillingMode: z.string().default('PAY_PER_REQUEST').transform(() => 'PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z.array(z.looseObject({}).transform(withoutThroughput)).optional(),
  LocalSecondaryIndexes: z.array(z.unknown()).optional(),
});

function withoutThroughput(index: Record<string, unknown>): Record<string, unknown> {
  const { IndexName, KeySchema, Projection } = index;
  return { IndexName, KeySchema, Projection };
}

const require = createRequire(import.meta.url);
const validations = require('dynalite/validations') as DynaliteValidations;
const loaded = new Map<string, { readonly action: DynaliteAction; readonly validation: DynaliteValidation }>();

function operationOf(operation: string): { readonly action: DynaliteAction; readonly validation: DynaliteValidation } {
  let found = loaded.get(operation);
  if (found === undefined) {
    const file = operation.charAt(0).toLowerCase() + operation.slice(1);
    found = {
      action: require(`dynalite/actions/${file}`) as DynaliteAction,
      validation: require(`dynalite/validations/${file}`) as DynaliteValidation,
    };
    loaded.set(operation, found);
  }
  return found;
}

/** @throws AwsError as DynamoDB would, or NotImplemented for a member that dynalite would silently leave out */
function perform(store: DynaliteStore, operation: string, body: unknown): Promise<unknown> {
  const { action, validation } = operationOf(operation);
  const request = { ...(body as Record<string, unknown>) };
  const { ReturnValuesOnConditionCheckFailure: returnOnFailure } = request;
  delete request['ReturnValuesOnConditionCheckFailure'];
  const strange = Object.keys(request).filter((member) => !Object.hasOwn(validation.types, member));
  if (strange.length > 0) throw notImplemented('DynamoDB', `${operation} with ${strange.join(', ')}`);
  return new Promise((resolve, reject) => {
    try {
      const data = validations.checkTypes(request, validation.types);
      validations.checkValidations(data, validation.types, validation.custom, store);
      action(store, data, (error, result) => {
        if (error === null) resolve(result);
        else reject(toAwsError(error, returnOnFailure === 'ALL_OLD' ? () => existingItem(store, request) : undefined));
      });
    } catch (thrown) {
      reject(toAwsError(thrown));
    }
  });
}

/** Item by item, each with its index entries in one transaction; dynalite's own batch would mix them. */
async function batchWrite(newStore: () => DynaliteStore, body: unknown): Promise<unknown> {
  const { validation } = operationOf('BatchWriteItem');
  try {
    const data = validations.checkTypes(structuredClone(body), validation.types);
    validations.checkValidations(data, validation.types, validation.custom, newStore());
  } catch (thrown) {
    throw toAwsError(thrown);
  }
  const { RequestItems: tables } = batchRequest.parse(body);
  for (const [TableName, requests] of Object.entries(tables)) {
    for (const { PutRequest: put, DeleteRequest: remove } of requests) {
      if (put !== undefined) await perform(newStore(), 'PutItem', { TableName, Item: put.Item });
      if (remove !== undefined) await perform(newStore(), 'DeleteItem', { TableName, Key: remove.Key });
    }
  }
  return { UnprocessedItems: {} };
}

const attributes = z.record(z.string(), z.unknown());
const batchRequest = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: attributes }).optional(),
        DeleteRequest: z.object({ Key: attributes }).optional(),
      }),
    ),
  ),
});

/** The item that made a condition fail, read before any other request can change it. */
function existingItem(store: DynaliteStore, request: Readonly<Record<string, unknown>>): unknown {
  const tableName = String(request['TableName']);
  let item: unknown;
  store.getTable(tableName, false, (_error, table) => {
    const { KeySchema: keys } = table as { KeySchema: readonly { readonly AttributeName: string }[] };
    const given = (request['Key'] ?? request['Item']) as Record<string, unknown>;
    const Key = Object.fromEntries(keys.map(({ AttributeName }) => [AttributeName, given[AttributeName]]));
    const { action } = operationOf('GetItem');
    action(store, { TableName: tableName, Key }, (_failure, result) => {
      item = (result as { Item?: unknown } | undefined)?.Item;
    });
  });
  return item;
}

interface DynaliteError extends Error {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

function toAwsError(thrown: unknown, readItem?: () => unknown): Error {
  if (isDiskFull(thrown)) {
    return new AwsError('InternalServerError', 'There is no space left where the local runtime keeps its tables.', 500);
  }
  if (!isDynaliteError(thrown)) return thrown instanceof Error ? thrown : new Error(String(thrown));
  const { body, statusCode } = thrown;
  const code = body.__type.slice(body.__type.indexOf('#') + 1);
  const item = code === 'ConditionalCheckFailedException' ? readItem?.() : undefined;
  return new AwsError(code, body.message ?? body.Message ?? code, statusCode, item === undefined ? {} : { Item: item });
}

function isDynaliteError(thrown: unknown): thrown is DynaliteError {
  return thrown instanceof Error && 'statusCode' in thrown && 'body' in thrown;
}
