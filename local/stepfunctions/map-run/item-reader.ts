import { renderTemplate } from '../language/template.ts';
import type { ItemReader, ReaderConfig } from '../language/definition.ts';
import { StatesError } from '../language/errors.ts';
import { parseJson, type Json } from '../language/json.ts';
import { signedIntegerField } from '../interpreter/numbers.ts';
import type { ObjectStore } from '../objects.ts';
import { csvItems } from './csv.ts';

/**
 * The items that an ItemReader names, read as they are asked for.
 * Source: Developer Guide, input-output-itemreader.
 * @throws StatesError States.ItemReaderFailed
 */
export async function* readItems(objects: ObjectStore, reader: ItemReader, input: Json, context: Json): AsyncGenerator<Json> {
  const limit = signedIntegerField(reader.ReaderConfig ?? {}, 'MaxItems', input, context) ?? 0;
  if (limit < 0) throw failed('field MaxItems must be positive');
  let count = 0;
  try {
    for await (const item of allItems(objects, reader, input, context)) {
      yield item;
      count += 1;
      if (count === limit) return;
    }
  } catch (thrown) {
    if (thrown instanceof StatesError) throw thrown;
    throw failed(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown));
  }
}

function allItems(objects: ObjectStore, reader: ItemReader, input: Json, context: Json): AsyncIterable<Json> {
  const parameters = renderTemplate(reader.Parameters ?? {}, input, context) as Record<string, string | undefined>;
  const bucket = parameters['Bucket'] ?? '';
  if (reader.Resource === 'arn:aws:states:::s3:listObjectsV2') return listed(objects, bucket, parameters['Prefix']);
  return parsed(objects, bucket, parameters['Key'] ?? '', reader.ReaderConfig ?? {});
}

async function* listed(objects: ObjectStore, bucket: string, prefix: string | undefined): AsyncGenerator<Json> {
  for await (const object of objects.listObjects(bucket, prefix)) {
    yield {
      Etag: object.etag,
      Key: object.key,
      LastModified: Math.floor(object.lastModified.getTime() / 1000),
      Size: object.size,
      StorageClass: object.storageClass,
    };
  }
}

async function* parsed(objects: ObjectStore, bucket: string, key: string, config: ReaderConfig): AsyncGenerator<Json> {
  const text = decoded(await objects.getObject(bucket, key));
  const type = config.InputType ?? typeOfKey(key);
  if (type === 'CSV') yield* csvItems(text, config);
  else if (type === 'JSONL') yield* jsonLines(text);
  else yield* jsonArray(text);
}

function typeOfKey(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1).toUpperCase();
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* jsonLines(text: AsyncIterable<string>): AsyncGenerator<Json> {
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parsedItem(line);
  }
  if (rest.trim() !== '') yield parsedItem(rest);
}

async function* jsonArray(text: AsyncIterable<string>): AsyncGenerator<Json> {
  let whole = '';
  for await (const chunk of text) whole += chunk;
  const items = parsedItem(whole);
  if (!Array.isArray(items)) throw failed('Attempting to map over non-iterable node.');
  yield* items;
}

function parsedItem(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw failed(`The item is no JSON: ${(error as Error).message}`);
  }
}

function failed(cause: string): StatesError {
  return new StatesError('States.ItemReaderFailed', cause);
}
