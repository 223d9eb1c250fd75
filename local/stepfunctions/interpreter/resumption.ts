import { parseJson, type Json } from '../language/json.ts';
import type { EventStore } from '../store/event-store.ts';
import type { EventRow } from '../store/rows.ts';

/** Where a scope goes on after a redrive. */
export type Position =
  | { readonly kind: 'done'; readonly output: Json }
  | {
      readonly kind: 'open';
      readonly state: string;
      readonly input: Json;
      /** Undefined when the state before it was left and this one not entered. */
      readonly entered: { readonly id: number; readonly at: number } | undefined;
    };

interface ScopeFacts {
  /** The last StateEntered or StateExited. */
  last: EventRow;
  /** ParallelStateStarted or MapStateStarted events since the state was entered. */
  attempts: number;
  mapRunArn: string | undefined;
}

/**
 * What the history says about the places where an execution stands: a state that was entered and not exited is run
 * again, what was exited is not. Source: Developer Guide, redrive-executions and redrive-map-run.
 */
export class Resumption {
  /** Id of the ExecutionRedriven event; the first events of the redrive follow it. */
  readonly redrivenId: number;
  /** The error that the execution had ended with. */
  readonly error: string | null;
  readonly #scopes = new Map<string, ScopeFacts>();

  constructor(store: EventStore, execution: number, error: string | null, redrivenId: number) {
    this.redrivenId = redrivenId;
    this.error = error;
    for (const event of store.all<EventRow>(`SELECT * FROM event WHERE execution = ? AND (${interesting}) ORDER BY id`, execution)) {
      this.#learn(event);
    }
  }

  /** Undefined when nothing of the scope was run. */
  position(path: string): Position | undefined {
    const facts = this.#scopes.get(path);
    if (facts === undefined) return undefined;
    const details = JSON.parse(facts.last.details ?? '{}') as { name: string; input?: string; output?: string };
    if (facts.last.type.endsWith('StateEntered')) {
      const entered = { id: facts.last.id, at: facts.last.timestamp };
      return { kind: 'open', state: details.name, input: parseJson(details.input ?? 'null'), entered };
    }
    const output = parseJson(details.output ?? 'null');
    if (facts.last.next === null) return { kind: 'done', output };
    return { kind: 'open', state: facts.last.next, input: output, entered: undefined };
  }

  /** How often the Parallel or Map that the scope stands in was started; its branches belong to the last of these. */
  attempts(path: string): number {
    return this.#scopes.get(path)?.attempts ?? 0;
  }

  mapRunArn(path: string): string | undefined {
    return this.#scopes.get(path)?.mapRunArn;
  }

  #learn(event: EventRow): void {
    const facts = this.#scopes.get(event.scope);
    if (event.type.endsWith('StateEntered') || event.type.endsWith('StateExited')) {
      this.#scopes.set(event.scope, { last: event, attempts: 0, mapRunArn: undefined });
    } else if (facts !== undefined) {
      if (event.type === 'MapRunStarted') facts.mapRunArn = (JSON.parse(event.details ?? '{}') as { mapRunArn: string }).mapRunArn;
      else facts.attempts += 1;
    }
  }
}

const interesting = `type LIKE '%StateEntered' OR type LIKE '%StateExited' OR type IN ('ParallelStateStarted', 'MapStateStarted', 'MapRunStarted')`;
