import { StatesError } from './language/errors.ts';
import type { Json, JsonObject } from './language/json.ts';
import type { Clock } from './clock.ts';
import type { EventStore } from './store/event-store.ts';
import type { EventRow } from './store/rows.ts';

/** Step Functions' hard limit. Source: Developer Guide, service-quotas: "Maximum execution history size". */
export const maximumEvents = 25_000;

/**
 * A sequence of states within an execution: the execution itself (''), or a branch of Parallel or an iteration of Map,
 * `<outer scope>/<id of the state's entered event>.<attempt>:<index>`.
 */
export interface Scope {
  readonly path: string;
  /** Id of the event that the next one of this scope follows (its `previousEventId`). */
  last: number;
  /** Type of the state that the scope is in. */
  current: string | undefined;
  readonly signal: AbortSignal;
}

/** The events of one execution, numbered from 1. */
export class History {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #execution: number;
  #count: number;
  #closed = false;

  constructor(store: EventStore, clock: Clock, execution: number) {
    this.#store = store;
    this.#clock = clock;
    this.#execution = execution;
    this.#count = eventCount(store, execution);
  }

  /**
   * @returns the event's id
   * @throws StatesError States.Runtime at 25,000 events, the last of which is kept for the execution's end
   */
  append(type: string, details: JsonObject | undefined, previous: number, scope = '', next: string | null = null): number {
    // What still unwinds after the end of an execution leaves no trace in it.
    if (this.#closed) return this.#count;
    if (this.#count >= maximumEvents - 1 && !terminalTypes.has(type)) {
      throw new StatesError('States.Runtime', `The execution reached the maximum number of history events (${maximumEvents}).`);
    }
    this.#count += 1;
    this.#store.appendEvent({
      execution: this.#execution,
      id: this.#count,
      previous,
      type,
      timestamp: this.#clock.now(),
      details: details === undefined ? null : JSON.stringify(details),
      scope,
      next,
    });
    return this.#count;
  }

  /** Appends in a scope and moves its `previousEventId` on. */
  follow(scope: Scope, type: string, details?: JsonObject, next: string | null = null): number {
    const id = this.append(type, details, scope.last, scope.path, next);
    scope.last = id;
    return id;
  }

  /** The last event of this run of the execution; later ones are ignored. */
  end(type: string, details: JsonObject | undefined, previous: number): void {
    this.append(type, details, previous);
    this.#closed = true;
  }

  /** Nothing more is written, as if the process had been killed. */
  abandon(): void {
    this.#closed = true;
  }

  get lastId(): number {
    return this.#count;
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }
}

const terminalTypes = new Set(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut']);

export function eventCount(store: EventStore, execution: number): number {
  return store.get<{ count: number | null }>('SELECT max(id) AS count FROM event WHERE execution = ?', execution)?.count ?? 0;
}

/** An event as GetExecutionHistory answers it. */
export function historyEvent(row: EventRow, includeData: boolean): JsonObject {
  const event: JsonObject = {
    timestamp: row.timestamp / 1000,
    type: row.type,
    id: row.id,
    previousEventId: row.previous,
  };
  if (row.details !== null) {
    const details = JSON.parse(row.details) as JsonObject;
    event[detailsKey(row.type)] = includeData ? withDataDetails(details) : withoutData(details);
  }
  return event;
}

function detailsKey(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function withDataDetails(details: JsonObject): JsonObject {
  const answer: Record<string, Json> = {};
  for (const [name, value] of Object.entries(details)) {
    answer[name] = value;
    if (name === 'input' || name === 'output') answer[`${name}Details`] = { truncated: false };
  }
  return answer;
}

function withoutData(details: JsonObject): JsonObject {
  const hidden = new Set(['input', 'output', 'parameters', 'error', 'cause']);
  return Object.fromEntries(Object.entries(details).filter(([name]) => !hidden.has(name)));
}
