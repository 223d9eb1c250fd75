import type { Clock } from '../clock.ts';
import type { History } from '../history.ts';
import type { TaskIntegrations } from '../integrations/types.ts';
import type { StateGraph } from '../language/definition.ts';
import { StatesError } from '../language/errors.ts';
import type { Json, JsonObject } from '../language/json.ts';
import type { ObjectStore } from '../objects.ts';
import type { StatesAuthorizer } from '../authorize.ts';
import type { EventStore } from '../store/event-store.ts';
import type { ExecutionRow } from '../store/rows.ts';
import type { Resumption } from './resumption.ts';
import type { TaskTokens } from '../task-tokens.ts';

/** What all executions of a service share. */
export interface Engine {
  readonly region: string;
  readonly accountId: string;
  readonly integrations: TaskIntegrations;
  /** As a role of state machines reaches it. */
  readonly objects: (roleArn: string) => ObjectStore;
  readonly authorize: StatesAuthorizer;
  readonly clock: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random: () => number;
  readonly store: EventStore;
  readonly tokens: TaskTokens;
  /** Runs a child execution of a Map Run to its end, from its start or (redriven) from where it failed. */
  readonly runChild: (child: ExecutionRow, parent: Run, graph: StateGraph, signal: AbortSignal) => Promise<void>;
  /** Map Runs under way, for UpdateMapRun. */
  readonly mapRuns: Map<string, { update: () => void }>;
}

/** One execution under way. */
export interface Run {
  readonly engine: Engine;
  readonly row: ExecutionRow;
  readonly roleArn: string;
  /** The `$$.Execution` and `$$.StateMachine` of its context object. */
  readonly context: JsonObject;
  readonly history: History;
  /** Where it stood when it was redriven; undefined on the first run. */
  readonly resumption: Resumption | undefined;
}

/** Why a state is left before its work is done; travels as the reason of abort signals, and no Catch sees it. */
export class Interrupt extends Error {
  override readonly name = 'Interrupt';
  readonly kind: 'Aborted' | 'TimedOut' | 'SiblingFailed';

  constructor(kind: 'Aborted' | 'TimedOut' | 'SiblingFailed') {
    super(kind);
    this.kind = kind;
  }
}

/** An AbortController that is aborted with `outer`; `release` ends the tie. */
export function linkedController(outer: AbortSignal): { controller: AbortController; release: () => void } {
  const controller = new AbortController();
  if (outer.aborted) controller.abort(outer.reason);
  else outer.addEventListener('abort', follow, { once: true });
  return {
    controller,
    release: () => {
      outer.removeEventListener('abort', follow);
    },
  };

  function follow(): void {
    controller.abort(outer.reason);
  }
}

/** Bytes of JSON that a state may take or give. Source: Developer Guide, service-quotas: payload size 256 KiB. */
export const maximumPayload = 262_144;

/** @throws StatesError States.DataLimitExceeded */
export function checkPayload(text: string, producer: string): void {
  // No UTF-16 unit is more than three bytes of UTF-8.
  if (text.length * 3 <= maximumPayload || Buffer.byteLength(text) <= maximumPayload) return;
  throw new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${producer}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

export interface StateResult {
  readonly output: Json;
  /** The next state; null at the end of the branch. */
  readonly next: string | null;
}
