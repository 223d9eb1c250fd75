/** The source's binary log, as proof that nothing at all was written since a position in it. */
import type { Manifest } from '../../core/contracts.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import type { Query } from '../../core/digests/table-digests.ts';

export interface BinlogState {
  readonly file: string;
  readonly position: number;
  /** When the server started, in seconds since 1970 by its own clock. */
  readonly serverStartedAt: number;
}

interface PositionRow {
  readonly File: string;
  readonly Position: string | number;
  readonly Binlog_Do_DB?: string;
  readonly Binlog_Ignore_DB?: string;
}

/** Undefined where the log is off, leaves databases out, or may not be seen. */
export async function readBinlogState(query: Query): Promise<BinlogState | undefined> {
  const [server] = await query<{ version: string; now: string | number }>('SELECT VERSION() AS version, UNIX_TIMESTAMP() AS now');
  const [major = 0, minor = 0] = (server?.version ?? '').split('.').map(Number);
  const renamed = !/mariadb/i.test(server?.version ?? '') && (major > 8 || (major === 8 && minor >= 2));
  const [row] = await allowed(() => query<PositionRow>(renamed ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS'));
  const [uptime] = await query<{ Value: string | number }>("SHOW GLOBAL STATUS LIKE 'Uptime'");
  if (row === undefined || uptime === undefined || server === undefined) return undefined;
  if ((row.Binlog_Do_DB ?? '') !== '' || (row.Binlog_Ignore_DB ?? '') !== '') return undefined;
  return { file: row.File, position: Number(row.Position), serverStartedAt: Number(server.now) - Number(uptime.Value) };
}

/**
 * Whether the log ends where it ended before the dump. A server that was started since has begun a new file: the same name
 * then belongs to another log.
 */
export function isAtDump(state: BinlogState | undefined, { binlog, readAt }: Manifest): boolean {
  if (state === undefined || binlog === undefined || readAt === undefined) return false;
  return state.file === binlog.file && state.position === binlog.position && state.serverStartedAt <= readAt;
}

async function allowed<Row>(ask: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await ask();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}
