/** Who the views and stored programs of a database run as. */
import type { DatabaseFacts } from './facts.ts';

export function* definersOf({ views, programs }: DatabaseFacts): Generator<{ readonly object: string; readonly definer: string }> {
  for (const { name, definer } of views) if (definer !== '') yield { object: `view ${name}`, definer };
  for (const { kind, name, definer } of programs) if (definer !== '') yield { object: `${kind} ${name}`, definer };
}
