import { applyInputPath, applyOutputPath, applyResultPath, applyResultSelector } from '../language/data-flow.ts';
import type { MapState } from '../language/definition.ts';
import type { StatesError } from '../language/errors.ts';
import type { Json, JsonObject } from '../language/json.ts';
import { withErrorHandling } from '../interpreter/error-handling.ts';
import { itemsOf } from '../interpreter/inline-map.ts';
import { integerField, signedIntegerField } from '../interpreter/numbers.ts';
import type { StateResult } from '../interpreter/run.ts';
import { failureDetails, failureOf, retryContextOf, type Visit } from '../interpreter/visit.ts';
import type { MapRunRow } from '../store/rows.ts';
import { childInputs, type ChildInput } from './item-inputs.ts';
import { readItems } from './item-reader.ts';
import { MapRun } from './map-run.ts';
import { createMapRun, toleratedFailures } from './records.ts';
import { mapResult } from './result-writer.ts';

/**
 * A Map whose iterations are child executions of a Map Run.
 * Source: Developer Guide, state-map-distributed; on redrive, redrive-map-run.
 */
export function runDistributedMap(visit: Visit, state: MapState): Promise<StateResult> {
  const { history } = visit.run;
  let inside = false;
  return withErrorHandling(visit, state, work, () => {
    if (inside) history.follow(visit.scope, 'MapStateFailed');
  });

  async function work(retryCount: number): Promise<Json> {
    const context = retryContextOf(visit, retryCount);
    const effective = applyInputPath(state, visit.input, context);
    const earlier = retryCount === 0 ? earlierMapRun(visit) : undefined;
    const row = earlier ?? startMapRun(visit, state, effective, context);
    inside = true;
    const inputs = (): AsyncGenerator<ChildInput> => childInputs(state, itemsFor(visit, state, effective, context), effective, context);
    const result = await runMapRun(visit, state, row, earlier !== undefined, inputs, context);
    const output = applyResultPath(state, visit.input, applyResultSelector(state, result, context));
    return applyOutputPath(state, output, context);
  }
}

/**
 * The Map Run that a redrive goes on with. One that had succeeded is of use only if its state merely had no time to exit:
 * after States.DataLimitExceeded or States.Runtime there is to be a new one.
 */
function earlierMapRun(visit: Visit): MapRunRow | undefined {
  const { engine, resumption } = visit.run;
  const arn = visit.resumed ? resumption?.mapRunArn(visit.scope.path) : undefined;
  if (arn === undefined) return undefined;
  const row = engine.store.get<MapRunRow>('SELECT * FROM map_run WHERE arn = ?', arn);
  const startAgain = resumption?.error === 'States.DataLimitExceeded' || resumption?.error === 'States.Runtime';
  return row?.status === 'SUCCEEDED' && startAgain ? undefined : row;
}

/** In the order in which AWS looks at what may be wrong: its recorded histories end before the event that was not reached. */
function startMapRun(visit: Visit, state: MapState, effective: Json, context: JsonObject): MapRunRow {
  const length = state.ItemReader === undefined ? itemsOf(state, effective, context).length : 0;
  const concurrency = integerField(state, 'MaxConcurrency', effective, context) ?? 0;
  visit.run.history.follow(visit.scope, 'MapStateStarted', { length });
  const tolerance = toleratedFailures(state, effective, context);
  checkLimits(state, effective, context);
  const row = createMapRun(visit, state, { max_concurrency: concurrency, ...tolerance });
  visit.run.history.follow(visit.scope, 'MapRunStarted', { mapRunArn: row.arn });
  return row;
}

/** A limit that is no integer fails the state, not the Map Run, which does not start. @throws StatesError States.Runtime */
function checkLimits({ ItemReader: reader, ItemBatcher: batcher }: MapState, effective: Json, context: JsonObject): void {
  if (reader?.ReaderConfig !== undefined) signedIntegerField(reader.ReaderConfig, 'MaxItems', effective, context);
  if (batcher === undefined) return;
  integerField(batcher, 'MaxItemsPerBatch', effective, context);
  integerField(batcher, 'MaxInputBytesPerBatch', effective, context);
}

function itemsFor(visit: Visit, state: MapState, effective: Json, context: JsonObject): AsyncIterable<Json> | Iterable<Json> {
  if (state.ItemReader === undefined) return itemsOf(state, effective, context);
  return readItems(visit.run.engine.objects(visit.run.roleArn), state.ItemReader, effective, context);
}

async function runMapRun(
  visit: Visit,
  state: MapState,
  row: MapRunRow,
  redriven: boolean,
  inputs: () => AsyncGenerator<ChildInput>,
  context: JsonObject,
): Promise<Json> {
  const { history } = visit.run;
  const { scope } = visit;
  const mapRun = new MapRun(visit, state, row);
  try {
    if (redriven && row.status !== 'SUCCEEDED') {
      mapRun.redrive();
      history.follow(scope, 'MapRunRedriven', { mapRunArn: row.arn, redriveCount: row.redrive_count });
    }
    if (row.status === 'RUNNING') await mapRun.toTheEnd(inputs);
    const result = await mapResult(visit, state, row, context);
    mapRun.close('SUCCEEDED');
    history.follow(scope, 'MapRunSucceeded');
    history.append('MapStateSucceeded', undefined, scope.last, scope.path);
    return result();
  } catch (thrown) {
    await endUnsuccessfully(visit, state, mapRun, context);
    const failure: StatesError = failureOf(visit, thrown);
    if (mapRun.close('FAILED')) history.follow(scope, 'MapRunFailed', failureDetails(failure));
    throw failure;
  }
}

/** A Map Run that is stopped or has failed still writes what its children gave. */
async function endUnsuccessfully(visit: Visit, state: MapState, mapRun: MapRun, context: JsonObject): Promise<void> {
  if (mapRun.row.status !== 'RUNNING') return;
  await mapRun.settled();
  if (state.ResultWriter !== undefined) await mapResult(visit, state, mapRun.row, context).catch(() => undefined);
  if (visit.scope.signal.aborted) mapRun.close('ABORTED');
}
