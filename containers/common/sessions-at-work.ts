/** Whether a server works for a session: asked through another connection of the same account, which sees its own sessions. */
import type { ServerAccess } from '../../core/server-access.ts';
import { MysqlSession } from './mysql-session.ts';
import type { ServerSession } from './stall-watch.ts';

/** A server that does not answer by then is not at work as far as anybody can tell. */
const lookMilliseconds = 30_000;
/** The server waits: for a lock, or for the client to take what is there. */
const waitingStates = "'Locked', 'Writing to net', 'Sending to client', 'Reading from net', 'Receiving from client'";
const waiting = `(STATE LIKE 'Waiting %' OR STATE LIKE '% lock' OR STATE IN (${waitingStates}))`;

export async function areAtWork(sessions: readonly ServerSession[]): Promise<boolean> {
  const servers = new Map<ServerAccess, number[]>();
  for (const { access, serverId } of sessions) servers.set(access, [...(servers.get(access) ?? []), serverId]);
  for (const [access, ids] of servers) if (await isOneAtWork(access, ids)) return true;
  return false;
}

async function isOneAtWork(access: ServerAccess, ids: readonly number[]): Promise<boolean> {
  let session: MysqlSession | undefined;
  try {
    session = await MysqlSession.open(access, { signal: AbortSignal.timeout(lookMilliseconds) });
    const rows = await session.query(
      `SELECT ID FROM information_schema.PROCESSLIST
       WHERE ID IN (${ids.join(', ')}) AND COMMAND IN ('Query', 'Execute') AND NOT ${waiting}`,
    );
    return rows.length > 0;
  } catch {
    return false;
  } finally {
    await session?.close();
  }
}
