/** What each role was seen to call. Bounded: an allowed call is kept by the patterns that allowed it. */
import type { Call, Decision } from './evaluate.ts';

export interface RecordedCall {
  /** The role's logical id; `Operator`. */
  readonly role: string;
  readonly action: string;
  /** Policy and statement that allowed it; undefined for a call that was denied, or made without limits. */
  readonly place: string | undefined;
  /** The statement's pattern for actions, and for resources; of a denied call its own. */
  readonly grantedAction: string;
  readonly resource: string;
  readonly allowed: boolean;
  count: number;
}

/** A caller that goes on trying what it may not do must not fill the memory. */
const mostDenials = 1_000;

export class CallRecord {
  readonly #calls = new Map<string, RecordedCall>();
  #denials = 0;

  /** @returns whether this call is the first of its kind */
  add(role: string, call: Call, decision: Decision): boolean {
    const grant = decision.allowed ? decision.grant : { place: undefined, action: call.action, resource: call.resource };
    const key = [role, call.action, String(decision.allowed), grant.place, grant.action, grant.resource].join('\n');
    const known = this.#calls.get(key);
    if (known !== undefined) {
      known.count += 1;
      return false;
    }
    if (!decision.allowed) this.#denials += 1;
    if (this.#denials > mostDenials) return false;
    const { place, action: grantedAction, resource } = grant;
    this.#calls.set(key, { role, action: call.action, place, grantedAction, resource, allowed: decision.allowed, count: 1 });
    return true;
  }

  get calls(): readonly RecordedCall[] {
    return [...this.#calls.values()];
  }
}
