/** Stands before the local runtime's services and counts what is asked of them. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { parseDatabaseItem } from '../../core/names.ts';
import type { JsonHandler } from '../../local/endpoint/handlers.ts';
import type { Watch } from '../../local/runtime.ts';
import { noCounts, type MeterName } from './counts.ts';
import { type Item, itemBytes, readUnits, writeUnits } from './item-size.ts';

const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
const oneItemSchema = z.object({ TableName: z.string(), Key: itemSchema.optional(), Item: itemSchema.optional(), ConsistentRead: z.boolean().optional() });
const answerSchema = z.object({
  Items: z.array(itemSchema).optional(),
  Responses: z.record(z.string(), z.array(itemSchema)).optional(),
});

/** Of the index `by-state` (resources/table.yml): its keys and what it projects. */
export const indexedAttributes = ['migration', 'item', 'state', 'database', 'error', 'errorMessage', 'errorStage', 'updatedAt', 'rows', 'sqlBytes', 'attempt', 'checkpoint', 'cannotRun', 'heldSince', 'heldFor'] as const;

export class Recorder {
  readonly counts = noCounts();
  /** The largest that were seen. */
  recordBytes = 0;
  indexBytes = 0;

  readonly watch: Required<Pick<Watch, 'dynamodb' | 's3' | 'stepFunctions'>> = {
    dynamodb: (handler) => (operation, body) => this.#dynamodb(handler, operation, body),
    s3: (handler) => (request, response, signed) => {
      this.#add(meterOfS3(request), 1);
      return handler(request, response, signed);
    },
    stepFunctions: (handler) => (operation, body) => {
      if (operation === 'DescribeExecution') this.#add('describeExecutions', 1);
      return handler(operation, body);
    },
  };

  async #dynamodb(handler: JsonHandler, operation: string, body: unknown): Promise<unknown> {
    if (operation === 'UpdateItem' || operation === 'PutItem' || operation === 'DeleteItem') return this.#write(handler, operation, body);
    const answer = await handler(operation, body);
    this.#read(operation, body, answer);
    return answer;
  }

  /** A write whose condition fails takes its units as well. Source: DynamoDB Developer Guide, "Read and write operations". */
  async #write(handler: JsonHandler, operation: string, body: unknown): Promise<unknown> {
    const { TableName, Key, Item: put } = oneItemSchema.parse(body);
    const { migration = {}, item = {} } = Key ?? put ?? {};
    const get = async (): Promise<Item | undefined> => {
      const answer = await handler('GetItem', { TableName, Key: { migration, item }, ConsistentRead: true });
      return z.object({ Item: itemSchema.optional() }).parse(answer).Item;
    };
    const before = await get();
    try {
      return await handler(operation, body);
    } finally {
      this.#wrote(String(item['S']), before, await get());
    }
  }

  #wrote(item: string, before: Item | undefined, after: Item | undefined): void {
    const [bytesBefore, bytesAfter] = [before, after].map((version) => (version === undefined ? 0 : itemBytes(version)));
    const bytes = Math.max(bytesBefore ?? 0, bytesAfter ?? 0);
    if (item.startsWith('slots#')) {
      this.#add('slotWrites', 1);
      return;
    }
    this.#add('recordWrites', 1);
    this.#add('recordWriteUnits', writeUnits(bytes, bytes));
    this.#add('indexWriteUnits', indexUnits(before, after));
    if (parseDatabaseItem(item) === undefined) return;
    this.recordBytes = Math.max(this.recordBytes, bytes);
    this.indexBytes = Math.max(this.indexBytes, itemBytes(projection(after ?? {})));
  }

  #read(operation: string, body: unknown, answer: unknown): void {
    const consistent = operation === 'BatchGetItem' || oneItemSchema.partial().parse(body).ConsistentRead === true;
    const single = z.object({ Item: itemSchema.optional() }).parse(answer).Item;
    const { Items, Responses } = answerSchema.parse(answer);
    if (String(oneItemSchema.partial().parse(body).Key?.['item']?.['S']).startsWith('slots#')) {
      this.#add('slotReads', 1);
      return;
    }
    const items = operation === 'BatchGetItem' ? Object.values(Responses ?? {}).flat() : (Items ?? (single === undefined ? [] : [single]));
    this.#add('recordReads', 1);
    // A query rounds up the sum of its items, a batch each of them.
    const bytes = items.map(itemBytes);
    const units =
      operation === 'BatchGetItem'
        ? bytes.map((size) => readUnits(size, consistent)).reduce((total, value) => total + value, 0)
        : readUnits(bytes.reduce((total, value) => total + value, 0), consistent);
    this.#add('recordReadUnits', units);
  }

  #add(meter: MeterName, amount: number): void {
    this.counts[meter] += amount;
  }
}

/** Source: DynamoDB Developer Guide, "Using Global Secondary Indexes": a changed key takes a delete and a put. */
function indexUnits(before: Item | undefined, after: Item | undefined): number {
  const [from, to] = [before, after].map((item) => (item?.['state'] === undefined ? undefined : projection(item)));
  if (from === undefined && to === undefined) return 0;
  if (from === undefined || to === undefined) return writeUnits(itemBytes(from ?? {}), itemBytes(to ?? {}));
  if (JSON.stringify(from) === JSON.stringify(to)) return 0;
  if (from['state']?.['S'] === to['state']?.['S']) return writeUnits(itemBytes(from), itemBytes(to));
  return writeUnits(itemBytes(from), 0) + writeUnits(0, itemBytes(to));
}

function projection(item: Item): Item {
  return Object.fromEntries(indexedAttributes.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

/** S3 bills PUT, COPY, POST and LIST alike, and all else as GET; DELETE is free. */
function meterOfS3(request: IncomingMessage): MeterName {
  const listing = request.method === 'GET' && /[?&]list-type=/.test(request.url ?? '');
  return request.method === 'PUT' || request.method === 'POST' || listing ? 's3Puts' : 's3Gets';
}
