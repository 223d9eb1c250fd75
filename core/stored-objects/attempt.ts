/** How a server is asked what it takes: statements are sent to it, and it is noted which of them it refuses. */
import type { Query } from '../digests/table-digests.ts';
import { errnoOf } from '../mysql-failures.ts';

export interface Refusal {
  readonly errno: number;
  readonly message: string;
}

/**
 * Sends statements that return no rows, in their order, whatever becomes of those before.
 * @returns what the server refused, by the statement's place
 * @throws what ends the connection
 */
export type Attempt = (statements: readonly string[]) => Promise<ReadonlyMap<number, Refusal>>;

/** For a connection that takes one statement at a time. */
export function oneByOne(query: Query): Attempt {
  return async (statements) => {
    const refused = new Map<number, Refusal>();
    for (const [place, statement] of statements.entries()) {
      await query(statement).catch((error: unknown) => refused.set(place, refusalOf(error)));
    }
    return refused;
  };
}

/** @throws the error itself, where it is none that a server answers */
export function refusalOf(error: unknown): Refusal {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  return { errno, message: error instanceof Error ? error.message : String(error) };
}
