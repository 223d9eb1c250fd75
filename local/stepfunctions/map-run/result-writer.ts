import type { MapState, ResultWriter, WriterConfig } from '../language/definition.ts';
import { StatesError } from '../language/errors.ts';
import { parseJson, type Json, type JsonObject } from '../language/json.ts';
import { renderTemplate } from '../language/template.ts';
import { checkPayload } from '../interpreter/run.ts';
import type { Visit } from '../interpreter/visit.ts';
import { redriveStatusOf } from '../redrive.ts';
import type { EventStore } from '../store/event-store.ts';
import type { ExecutionRow, ExecutionStatus, MapRunRow } from '../store/rows.ts';
import { countChildren } from './records.ts';

/** Bytes of one result file. Source: Developer Guide, input-output-resultwriter: results are split at 5 GB; small here, for memory. */
const largestFile = 64 * 1024 * 1024;

const groups = [
  { name: 'SUCCEEDED', statuses: ['SUCCEEDED'] },
  { name: 'FAILED', statuses: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
  { name: 'PENDING', statuses: ['PENDING', 'PENDING_REDRIVE'] },
] as const satisfies { name: string; statuses: ExecutionStatus[] }[];

/**
 * What a Map Run gives to its state: the children's outputs, or where the ResultWriter put them.
 * @returns the result, in a function that throws StatesError States.DataLimitExceeded when it is too large
 * @throws StatesError States.ResultWriterFailed
 */
export async function mapResult(visit: Visit, state: MapState, row: MapRunRow, context: JsonObject): Promise<() => Json> {
  const { store } = visit.run.engine;
  const writer = state.ResultWriter;
  if (writer?.Resource === undefined) return () => inlineResult(visit, row, writer?.WriterConfig);
  try {
    const parameters = renderTemplate(writer.Parameters ?? {}, visit.input, context) as Record<string, string | undefined>;
    const details = await writeResults(visit, row, writer, parameters['Bucket'] ?? '', parameters['Prefix'] ?? '');
    const { SUCCEEDED, FAILED, TIMED_OUT, ABORTED } = countChildren(store, row.id).items;
    row.results_written = SUCCEEDED + FAILED + TIMED_OUT + ABORTED;
    store.updateMapRun(row.id, { results_written: row.results_written });
    return () => ({ MapRunArn: row.arn, ResultWriterDetails: details });
  } catch (thrown) {
    if (thrown instanceof StatesError) throw thrown;
    throw new StatesError('States.ResultWriterFailed', thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown));
  }
}

function inlineResult(visit: Visit, row: MapRunRow, config: WriterConfig | undefined): Json {
  const { store } = visit.run.engine;
  const result: Json[] = [];
  let length = 0;
  for (const child of children(store, row, ['SUCCEEDED'])) {
    const values = transformed(visit, child, config?.Transformation ?? 'COMPACT');
    result.push(...values);
    length += (child.output ?? '').length;
    if (length > 8 * 1024 * 1024) break;
  }
  checkPayload(JSON.stringify(result), visit.name);
  return result;
}

/** Source: Developer Guide, input-output-resultwriter: manifest.json and the files beside it. */
async function writeResults(visit: Visit, row: MapRunRow, writer: ResultWriter, bucket: string, prefix: string): Promise<JsonObject> {
  const objects = visit.run.engine.objects(visit.run.roleArn);
  const uuid = row.arn.slice(row.arn.lastIndexOf(':') + 1);
  const folder = `${prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`}${uuid}/`;
  const files: Record<string, Json[]> = { FAILED: [], PENDING: [], SUCCEEDED: [] };
  for (const group of groups) {
    for (const [index, body] of enumerate(fileBodies(visit, row, group.statuses, writer.WriterConfig ?? {}))) {
      const key = `${folder}${group.name}_${index}.${(writer.WriterConfig?.OutputType ?? 'JSON').toLowerCase()}`;
      await objects.putObject(bucket, key, body);
      files[group.name]?.push({ Key: key, Size: Buffer.byteLength(body) });
    }
  }
  const manifest = { DestinationBucket: bucket, MapRunArn: row.arn, ResultFiles: files };
  await objects.putObject(bucket, `${folder}manifest.json`, JSON.stringify(manifest));
  return { Bucket: bucket, Key: `${folder}manifest.json` };
}

function* fileBodies(visit: Visit, row: MapRunRow, statuses: readonly ExecutionStatus[], config: WriterConfig): Generator<string> {
  let parts: string[] = [];
  let length = 0;
  for (const child of children(visit.run.engine.store, row, statuses)) {
    // A transformation is for outputs: what has none is listed as it is.
    const transformation = child.status === 'SUCCEEDED' ? (config.Transformation ?? 'NONE') : 'NONE';
    for (const value of transformed(visit, child, transformation)) {
      const text = JSON.stringify(value);
      parts.push(text);
      length += text.length;
    }
    if (length > largestFile) {
      yield fileBody(parts, config);
      [parts, length] = [[], 0];
    }
  }
  if (parts.length > 0) yield fileBody(parts, config);
}

function fileBody(parts: readonly string[], config: WriterConfig): string {
  return config.OutputType === 'JSONL' ? `${parts.join('\n')}\n` : `[${parts.join(',')}]`;
}

function transformed(visit: Visit, child: ExecutionRow, transformation: 'NONE' | 'COMPACT' | 'FLATTEN'): Json[] {
  if (transformation === 'NONE') return [executionResult(visit, child)];
  const output = parseJson(child.output ?? 'null');
  return transformation === 'FLATTEN' && Array.isArray(output) ? output : [output];
}

function executionResult(visit: Visit, child: ExecutionRow): JsonObject {
  const { store, clock } = visit.run.engine;
  const common = { Input: child.input, InputDetails: { Included: true }, StateMachineArn: child.state_machine_arn };
  if (child.status === 'PENDING') return { ExecutionArn: child.arn, Name: child.name, ...common, Status: 'PENDING' };
  const redrive = redriveStatusOf(store, child, clock.now());
  return {
    ExecutionArn: child.arn,
    ...common,
    Name: child.name,
    ...(child.output === null ? {} : { Output: child.output, OutputDetails: { Included: true } }),
    ...(child.error === null ? {} : { Error: child.error }),
    ...(child.cause === null ? {} : { Cause: child.cause }),
    RedriveCount: child.redrive_count,
    RedriveStatus: redrive.status,
    ...(redrive.reason === undefined ? {} : { RedriveStatusReason: redrive.reason }),
    StartDate: new Date(child.start_date).toISOString(),
    Status: child.status,
    ...(child.stop_date === null ? {} : { StopDate: new Date(child.stop_date).toISOString() }),
  };
}

function* children(store: EventStore, row: MapRunRow, statuses: readonly ExecutionStatus[]): Generator<ExecutionRow> {
  const marks = statuses.map(() => '?').join(', ');
  const page = 500;
  for (let after = 0; ; ) {
    const rows = store.all<ExecutionRow>(
      `SELECT * FROM execution WHERE map_run = ? AND status IN (${marks}) AND id > ? ORDER BY id LIMIT ${page}`,
      row.id, ...statuses, after,
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.id;
  }
}

function* enumerate<Value>(values: Iterable<Value>): Generator<[number, Value]> {
  let index = 0;
  for (const value of values) {
    yield [index, value];
    index += 1;
  }
}
