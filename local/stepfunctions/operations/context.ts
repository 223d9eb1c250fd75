import type { Executor } from '../executor.ts';
import type { Engine } from '../interpreter/run.ts';
import type { Json, JsonObject } from '../language/json.ts';
import type { StateMachines } from '../machines.ts';

/** What the operations of the API work on. */
export interface Operations {
  readonly engine: Engine;
  readonly machines: StateMachines;
  readonly executor: Executor;
}

/** One action of the API: its input's fields by the API reference's names, its output likewise; dates in epoch seconds. */
export type Operation = (operations: Operations, input: JsonObject) => Json | Promise<Json>;
