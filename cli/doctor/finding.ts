/** What a check of the doctor found: one thing, why it matters, and what to do about it. */

/** `skipped` is what could not be looked at; its reason is in `what`. */
export type Severity = 'ok' | 'warning' | 'problem' | 'skipped';

export interface Finding {
  readonly severity: Severity;
  readonly what: string;
  readonly why: string | null;
  readonly remedy: string | null;
}

export function ok(what: string): Finding {
  return { severity: 'ok', what, why: null, remedy: null };
}

export function skipped(reason: string): Finding {
  return { severity: 'skipped', what: reason, why: null, remedy: null };
}

/** It will hurt, slow down, or surprise; a migration can be done nevertheless. */
export function warning(what: string, why: string, remedy: string): Finding {
  return { severity: 'warning', what, why, remedy };
}

/** A migration fails, or must not be begun. */
export function problem(what: string, why: string, remedy: string): Finding {
  return { severity: 'problem', what, why, remedy };
}

/** Thrown by what a check needs first: another check has reported why it is not to be had. */
export class NotExamined extends Error {
  override readonly name = 'NotExamined';
}
