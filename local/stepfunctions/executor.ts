import { Interrupt, linkedController, type Engine, type Run } from './interpreter/run.ts';
import { History, type Scope } from './history.ts';
import { Resumption } from './interpreter/resumption.ts';
import { runGraph } from './interpreter/graph.ts';
import { failureDetails } from './interpreter/visit.ts';
import { StatesError } from './language/errors.ts';
import type { StateGraph } from './language/definition.ts';
import { parseJson, type JsonObject } from './language/json.ts';
import type { ExecutionRow } from './store/rows.ts';

export interface Begin {
  readonly graph: StateGraph;
  readonly roleArn: string;
  readonly timeoutSeconds: number | undefined;
  /** Aborted with the Map Run that the execution is a child of. */
  readonly signal?: AbortSignal;
}

interface Active {
  readonly run: Run;
  readonly controller: AbortController;
  readonly finished: Promise<void>;
}

type Ending =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | { readonly status: 'FAILED' | 'ABORTED' | 'TIMED_OUT'; readonly error: string; readonly cause: string };

/** Runs executions from their start, or from where a redrive finds them, to their end. */
export class Executor {
  readonly #engine: Engine;
  readonly #changed: (row: ExecutionRow) => void;
  readonly #active = new Map<number, Active>();

  /** @param changed is told of each new status, after it was written and before it is committed */
  constructor(engine: Engine, changed: (row: ExecutionRow) => void) {
    this.#engine = engine;
    this.#changed = changed;
  }

  /** Begins a new execution; the answer resolves when it has ended. */
  start(row: ExecutionRow, begin: Begin): Promise<void> {
    const history = new History(this.#engine.store, this.#engine.clock, row.id);
    history.append('ExecutionStarted', { input: row.input, roleArn: begin.roleArn }, 0);
    this.#changed(row);
    return this.#run(row, begin, history, undefined);
  }

  /** Runs a child of a Map Run to its end, for the first time or again. */
  async runChild(row: ExecutionRow, begin: Begin): Promise<void> {
    if (row.status === 'PENDING_REDRIVE') {
      await this.settled(row.id);
      return this.redrive(row, begin);
    }
    const change = { status: 'RUNNING', start_date: this.#engine.clock.now(), announced: 0 } as const;
    Object.assign(row, change);
    this.#engine.store.updateExecution(row.id, change);
    return this.start(row, begin);
  }

  /** Resolves when nothing of an execution is under way: a stopped one may still be cancelling its Map Run's children. */
  async settled(id: number): Promise<void> {
    for (let active = this.#active.get(id); active !== undefined; active = this.#active.get(id)) await active.finished;
  }

  /**
   * Goes on, under the same ARN, with an execution that has ended unsuccessfully and is settled.
   * @returns the promise of its end
   */
  redrive(row: ExecutionRow, begin: Begin, token: string | null = null): Promise<void> {
    const { store, clock } = this.#engine;
    const change = {
      status: 'RUNNING', stop_date: null, output: null, error: null, cause: null, announced: 0,
      redrive_count: row.redrive_count + 1, redrive_date: clock.now(), redrive_token: token,
    } as const;
    const history = new History(store, clock, row.id);
    const redrivenId = history.append('ExecutionRedriven', { redriveCount: change.redrive_count }, history.lastId);
    store.updateExecution(row.id, change);
    const resumption = new Resumption(store, row.id, row.error, redrivenId);
    Object.assign(row, change);
    this.#changed(row);
    return this.#run(row, begin, history, resumption);
  }

  /** Ends an execution as ABORTED, at once; its tasks are told by their signals. @returns false when it is not running */
  stop(id: number, error: string, cause: string): boolean {
    const active = this.#active.get(id);
    if (active?.run.row.status !== 'RUNNING') return false;
    this.#end(active.run, 0, { status: 'ABORTED', error, cause });
    active.controller.abort(new Interrupt('Aborted'));
    return true;
  }

  /** Interrupts everything without ending it in the records, as a killed process would. */
  async abandon(): Promise<void> {
    const running = [...this.#active.values()];
    for (const active of running) {
      active.run.row.status = 'ABORTED';
      active.run.history.abandon();
      active.controller.abort(new Interrupt('Aborted'));
    }
    await Promise.all(running.map((active) => active.finished));
  }

  #run(row: ExecutionRow, begin: Begin, history: History, resumption: Resumption | undefined): Promise<void> {
    const { controller, release } = linkedController(begin.signal ?? new AbortController().signal);
    const run: Run = { engine: this.#engine, row, roleArn: begin.roleArn, context: contextOf(row, begin.roleArn), history, resumption };
    const finished = this.#toTheEnd(run, begin, controller).finally(() => {
      release();
      if (this.#active.get(row.id)?.run === run) this.#active.delete(row.id);
    });
    this.#active.set(row.id, { run, controller, finished });
    return finished;
  }

  async #toTheEnd(run: Run, begin: Begin, controller: AbortController): Promise<void> {
    const { clock } = this.#engine;
    const cancelTimeout = begin.timeoutSeconds === undefined ? undefined : clock.schedule(begin.timeoutSeconds * 1000, () => {
      this.#end(run, 0, { status: 'TIMED_OUT', error: 'States.Timeout', cause: '' });
      controller.abort(new Interrupt('TimedOut'));
    });
    const scope: Scope = { path: '', last: run.resumption?.redrivenId ?? 0, current: undefined, signal: controller.signal };
    try {
      // The caller gets its execution before the first state runs.
      await run.history.committed();
      const output = await runGraph(run, begin.graph, scope, parseJson(run.row.input));
      this.#end(run, scope.last, { status: 'SUCCEEDED', output: JSON.stringify(output) });
    } catch (thrown) {
      this.#end(run, scope.last, endingOf(thrown));
    } finally {
      cancelTimeout?.();
    }
    await run.history.committed();
  }

  #end(run: Run, previous: number, ending: Ending): void {
    const { row, history } = run;
    if (row.status !== 'RUNNING') return;
    const details = ending.status === 'SUCCEEDED' ? { output: ending.output } : failureDetails(ending);
    history.end(eventTypes[ending.status], details, previous);
    const change = {
      status: ending.status,
      stop_date: this.#engine.clock.now(),
      output: ending.status === 'SUCCEEDED' ? ending.output : null,
      error: ending.status === 'SUCCEEDED' || ending.error === '' ? null : ending.error,
      cause: ending.status === 'SUCCEEDED' || ending.cause === '' ? null : ending.cause,
      announced: 0,
    };
    Object.assign(row, change);
    this.#engine.store.updateExecution(row.id, change);
    this.#changed(row);
  }
}

const eventTypes = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  ABORTED: 'ExecutionAborted',
  TIMED_OUT: 'ExecutionTimedOut',
} as const;

function endingOf(thrown: unknown): Ending {
  if (thrown instanceof Interrupt) return { status: 'ABORTED', error: '', cause: '' };
  if (thrown instanceof StatesError) return { status: 'FAILED', error: thrown.error, cause: thrown.cause };
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { status: 'FAILED', error: 'States.Runtime', cause: `Defect of the local runtime: ${message}` };
}

function contextOf(row: ExecutionRow, roleArn: string): JsonObject {
  const machine = row.state_machine_arn;
  return {
    Execution: {
      Id: row.arn,
      Input: parseJson(row.input),
      StartTime: new Date(row.start_date).toISOString(),
      Name: row.name,
      RoleArn: roleArn,
      RedriveCount: row.redrive_count,
      ...(row.redrive_date === null ? {} : { RedriveTime: new Date(row.redrive_date).toISOString() }),
    },
    StateMachine: { Id: machine, Name: machine.slice(machine.lastIndexOf(':') + 1) },
  };
}
