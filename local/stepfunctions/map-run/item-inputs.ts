import type { ItemBatcher, MapState } from '../language/definition.ts';
import type { Json, JsonObject } from '../language/json.ts';
import { renderTemplate } from '../language/template.ts';
import { integerField } from '../interpreter/numbers.ts';
import { maximumPayload } from '../interpreter/run.ts';

/** The input of one child execution, as JSON text, and how many items it holds. */
export interface ChildInput {
  readonly text: string;
  readonly items: number;
}

/** Turns items into the inputs of child executions, by ItemSelector and ItemBatcher. */
export async function* childInputs(
  state: MapState,
  items: AsyncIterable<Json> | Iterable<Json>,
  input: Json,
  context: JsonObject,
): AsyncGenerator<ChildInput> {
  const selected = selectedItems(state, items, input, context);
  if (state.ItemBatcher === undefined) {
    for await (const item of selected) yield { text: JSON.stringify(item), items: 1 };
  } else {
    yield* batches(state.ItemBatcher, selected, input, context);
  }
}

async function* selectedItems(
  state: MapState,
  items: AsyncIterable<Json> | Iterable<Json>,
  input: Json,
  context: JsonObject,
): AsyncGenerator<Json> {
  const selector = state.ItemSelector ?? state.Parameters;
  let index = 0;
  for await (const value of items) {
    const map = { Item: { Index: index, Value: value } };
    yield selector === undefined ? value : renderTemplate(selector, input, { ...context, Map: map });
    index += 1;
  }
}

/** Source: Developer Guide, input-output-itembatcher. */
async function* batches(batcher: ItemBatcher, items: AsyncIterable<Json>, input: Json, context: Json): AsyncGenerator<ChildInput> {
  const largest = integerField(batcher, 'MaxItemsPerBatch', input, context) ?? Infinity;
  const heaviest = Math.min(integerField(batcher, 'MaxInputBytesPerBatch', input, context) ?? maximumPayload, maximumPayload);
  const common = batcher.BatchInput === undefined ? {} : { BatchInput: renderTemplate(batcher.BatchInput, input, context) };
  const frame = Buffer.byteLength(JSON.stringify({ ...common, Items: [] }));
  let batch: Json[] = [];
  let bytes = frame;
  for await (const item of items) {
    const weight = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (batch.length > 0 && (batch.length >= largest || bytes + weight > heaviest)) {
      yield batchInput(batch);
      batch = [];
      bytes = frame;
    }
    batch.push(item);
    bytes += weight;
  }
  if (batch.length > 0) yield batchInput(batch);

  function batchInput(content: Json[]): ChildInput {
    return { text: JSON.stringify({ ...common, Items: content }), items: content.length };
  }
}
