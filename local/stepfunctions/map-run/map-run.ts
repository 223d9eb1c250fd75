import { setImmediate as nextTurn } from 'node:timers/promises';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { MapState } from '../language/definition.ts';
import { StatesError } from '../language/errors.ts';
import { requirePermission } from '../authorize.ts';
import { Interrupt, linkedController } from '../interpreter/run.ts';
import type { Visit } from '../interpreter/visit.ts';
import { redriveStatusOf } from '../redrive.ts';
import type { ExecutionRow, MapRunRow, MapRunStatus } from '../store/rows.ts';
import type { ChildInput } from './item-inputs.ts';
import { countChildren, createChild } from './records.ts';

/** AWS's limits. Source: Developer Guide, service-quotas. */
const maximumConcurrency = 10_000;
const maximumRedrives = 1_000;
/** Children started, and items recorded, before the event loop gets a turn. */
const turn = 100;

/** Starts the child executions of one Map Run, a few at a time, and watches the tolerated failures. */
export class MapRun {
  readonly row: MapRunRow;
  readonly #visit: Visit;
  readonly #state: MapState;
  readonly #controller: AbortController;
  readonly #release: () => void;
  #waiting: number[] = [];
  #next = 0;
  /** What runs, with the ARN of each. */
  readonly #children = new Map<Promise<void>, string>();
  #failedItems = 0;
  #items = 0;
  #broken: Error | undefined;
  #pumping = false;
  #settle: (() => void) | undefined;

  constructor(visit: Visit, state: MapState, row: MapRunRow) {
    this.row = row;
    this.#visit = visit;
    this.#state = state;
    ({ controller: this.#controller, release: this.#release } = linkedController(visit.scope.signal));
  }

  /**
   * Makes the unsuccessful children that can still be redriven wait for it, with the same ARNs.
   * @throws StatesError States.Runtime after 1,000 redrives
   */
  redrive(): void {
    const { store, clock } = this.#visit.run.engine;
    if (this.row.redrive_count >= maximumRedrives) {
      throw new StatesError('States.Runtime', `The Map Run has reached the maximum number of redrives (${maximumRedrives}).`);
    }
    const now = clock.now();
    const unsuccessful = store.all<ExecutionRow>(
      "SELECT * FROM execution WHERE map_run = ? AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED') ORDER BY id",
      this.row.id,
    );
    for (const child of unsuccessful) {
      if (redriveStatusOf(store, child, now).status === 'NOT_REDRIVABLE') continue;
      store.updateExecution(child.id, { status: 'PENDING_REDRIVE' });
    }
    const change = { status: 'RUNNING', stop_date: null, redrive_count: this.row.redrive_count + 1, redrive_date: now } as const;
    Object.assign(this.row, change);
    store.updateMapRun(this.row.id, change);
  }

  /**
   * Records the items unless an earlier run of it did, and runs all children that are not done.
   * @throws StatesError States.ExceedToleratedFailureThreshold, States.ItemReaderFailed; Interrupt
   */
  async toTheEnd(inputs: () => AsyncGenerator<ChildInput>): Promise<void> {
    const { engine } = this.#visit.run;
    if (this.row.items_read === 0) await this.#recordItems(inputs());
    const { items } = countChildren(engine.store, this.row.id);
    this.#items = Object.values(items).reduce((sum, count) => sum + count, 0);
    this.#failedItems = items.FAILED + items.TIMED_OUT + items.ABORTED;
    this.#waiting = engine.store
      .all<{ id: number }>("SELECT id FROM execution WHERE map_run = ? AND status IN ('PENDING', 'PENDING_REDRIVE') ORDER BY id", this.row.id)
      .map((child) => child.id);
    this.#checkTolerance();
    engine.mapRuns.set(this.row.arn, { update: () => { this.#update(); } });
    try {
      await this.#drain();
    } finally {
      engine.mapRuns.delete(this.row.arn);
      this.#release();
    }
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Resolves when no child runs any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#children.keys());
  }

  /** @returns false when it was closed before */
  close(status: MapRunStatus): boolean {
    if (this.row.status !== 'RUNNING') return false;
    const { store, clock } = this.#visit.run.engine;
    const change = { status, stop_date: clock.now() };
    Object.assign(this.row, change);
    store.updateMapRun(this.row.id, change);
    return true;
  }

  async #recordItems(inputs: AsyncGenerator<ChildInput>): Promise<void> {
    const { engine, row: parent } = this.#visit.run;
    engine.store.write('DELETE FROM execution WHERE map_run = ?', this.row.id);
    let index = 0;
    for await (const input of inputs) {
      createChild(engine.store, parent, this.row, index, input);
      index += 1;
      if (index % turn === 0) await nextTurn();
      this.#visit.scope.signal.throwIfAborted();
    }
    this.row.items_read = 1;
    engine.store.updateMapRun(this.row.id, { items_read: 1 });
  }

  /** Resolves when nothing runs and nothing is to be started. */
  async #drain(): Promise<void> {
    const { signal } = this.#controller;
    const stop = (): void => {
      this.#broken ??= signal.reason as Error;
      this.#announceStop();
      this.#settleWhenIdle();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#pump();
      this.#settleWhenIdle();
    });
    signal.removeEventListener('abort', stop);
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#startChildren().finally(() => {
      this.#pumping = false;
      if (this.#canStart()) this.#pump();
      else this.#settleWhenIdle();
    });
  }

  #canStart(): boolean {
    const limit = this.row.max_concurrency === 0 ? maximumConcurrency : this.row.max_concurrency;
    return this.#broken === undefined && this.#next < this.#waiting.length && this.#children.size < limit;
  }

  async #startChildren(): Promise<void> {
    let started = 0;
    while (this.#canStart()) {
      const id = this.#waiting[this.#next];
      if (id === undefined) return;
      this.#startChild(id);
      this.#next += 1;
      started += 1;
      if (started % turn === 0) await nextTurn();
    }
  }

  #startChild(id: number): void {
    const { engine } = this.#visit.run;
    const child = engine.store.execution(id);
    if (!this.#mayStart(child)) return;
    const run = engine.runChild(child, this.#visit.run, this.#state.ItemProcessor, this.#controller.signal);
    const done = run.then(() => {
      this.#children.delete(done);
      if (child.status !== 'SUCCEEDED') this.#failedItems += child.item_count;
      this.#checkTolerance();
      this.#pump();
    });
    this.#children.set(done, child.arn);
    done.catch((error: unknown) => {
      this.#broken ??= error as Error;
    });
  }

  /** A Map Run starts or redrives its children with the machine's role, and watches them. A denial breaks it. */
  #mayStart({ arn, status }: ExecutionRow): boolean {
    const { engine, roleArn, row } = this.#visit.run;
    try {
      if (status === 'PENDING_REDRIVE') requirePermission(engine.authorize, roleArn, 'RedriveExecution', { executionArn: arn });
      else requirePermission(engine.authorize, roleArn, 'StartExecution', { stateMachineArn: row.state_machine_arn });
      requirePermission(engine.authorize, roleArn, 'DescribeExecution', { executionArn: arn });
      return true;
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      this.#broken ??= error;
      this.#controller.abort(new Interrupt('Aborted'));
      return false;
    }
  }

  /** A denied stop leaves children running on AWS; here it is recorded, and they end all the same. */
  #announceStop(): void {
    const { engine, roleArn } = this.#visit.run;
    for (const executionArn of this.#children.values()) {
      try {
        engine.authorize(roleArn, 'StopExecution', { executionArn });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
      }
    }
  }

  #checkTolerance(): void {
    const { tolerated_failure_count: count, tolerated_failure_percentage: percentage } = this.row;
    const most = Math.min(count ?? (percentage === null ? 0 : Infinity), ((percentage ?? 100) / 100) * this.#items);
    if (this.#broken !== undefined || this.#failedItems <= most + Number.EPSILON) return;
    this.#broken = new StatesError('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');
    this.#controller.abort(new Interrupt('Aborted'));
  }

  #settleWhenIdle(): void {
    if (this.#pumping || this.#children.size > 0) return;
    if (this.#broken === undefined && this.#next < this.#waiting.length) return;
    this.#settle?.();
  }

  /** UpdateMapRun changed the row. */
  #update(): void {
    const { store } = this.#visit.run.engine;
    Object.assign(this.row, store.get<MapRunRow>('SELECT * FROM map_run WHERE id = ?', this.row.id));
    this.#checkTolerance();
    this.#pump();
  }
}
