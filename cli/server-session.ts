/** A connection of an operator's command to the source or the target. */
import type { Query } from '../core/digests/table-digests.ts';
import { serverFailure } from '../core/mysql-failures.ts';
import type { ServerRole } from '../core/mysql-failures.ts';
import { connect } from '../core/mysql/connect.ts';
import { sessionSettings } from '../core/mysql/session-settings.ts';
import type { ServerAccess } from '../core/server-access.ts';

export interface ServerSession {
  /** @throws what mysql2 throws */
  readonly query: Query;
  readonly execute: (sql: string) => Promise<void>;
  /** Never fails. */
  readonly close: () => Promise<void>;
}

/** @throws FerryError SourceUnreachable, SourceAccessDenied, TargetUnreachable, TargetAccessDenied */
export async function openSession(role: ServerRole, access: ServerAccess): Promise<ServerSession> {
  try {
    const connection = await connect(access);
    // A connection that is lost between two queries is noticed by the next one; without a listener it would end the process.
    connection.on('error', () => undefined);
    await connection.query(sessionSettings);
    return {
      query: async <Row>(sql: string): Promise<Row[]> => (await connection.query(sql))[0] as Row[],
      execute: async (sql) => {
        await connection.query(sql);
      },
      close: () => connection.end().catch(() => undefined),
    };
  } catch (error) {
    throw serverFailure(role, access, error);
  }
}

/** Does `work` over all items on so many connections. @throws as `openSession`, and of `work` what the server answers, named */
export async function withSessions<Item, Result>(
  role: ServerRole,
  access: ServerAccess,
  { items, threads, prepare, work }: {
    readonly items: readonly Item[];
    readonly threads: number;
    readonly prepare: readonly string[];
    readonly work: (session: ServerSession, item: Item) => Promise<Result>;
  },
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  let failed = false;
  const worker = async (opened?: ServerSession): Promise<void> => {
    const session = opened ?? (await openSession(role, access));
    try {
      for (const sql of prepare) await session.execute(sql);
      for (const [index, item] of queue) {
        if (failed) return;
        results[index] = await work(session, item);
      }
    } catch (error) {
      failed = true;
      throw serverFailure(role, access, error);
    } finally {
      await session.close();
    }
  };
  if (items.length === 0) return results;
  // The first alone: a login that is refused is not to be refused once for each thread.
  const first = await openSession(role, access);
  await Promise.all(Array.from({ length: Math.min(threads, items.length) }, (_, index) => (index === 0 ? worker(first) : worker())));
  return results;
}
