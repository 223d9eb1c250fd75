/** Names for what a MySQL server or the way to it refuses. */
import { FerryError } from './errors.ts';
import type { ErrorName } from './errors.ts';
import type { ServerAccess } from './server-access.ts';

export type ServerRole = 'source' | 'target';

/**
 * Source: MySQL Server Error Message Reference. 1044 database, 1045 account, 1142 and 1143 table and column, 1227
 * privilege, 1370 routine, 1698 account, 3118 account locked, 3955 account locked for a while.
 */
const accessDenied = new Set([1044, 1045, 1142, 1143, 1227, 1370, 1698, 3118, 3955]);

/** 1040 and 1203 too many connections, 1053 and 3169 shutting down, 1317 killed, 2002 to 2013 client side. */
const unreachable = new Set([1040, 1053, 1129, 1130, 1203, 1317, 2002, 2003, 2005, 2006, 2013, 2026, 3169, 4031]);

/** The two names by which a server is unusable as a whole; undefined when the error is about something else. */
export function serverFailureName(role: ServerRole, errno: number | undefined): ErrorName | undefined {
  if (errno === undefined) return undefined;
  if (accessDenied.has(errno)) return role === 'source' ? 'SourceAccessDenied' : 'TargetAccessDenied';
  if (unreachable.has(errno)) return role === 'source' ? 'SourceUnreachable' : 'TargetUnreachable';
  return undefined;
}

/** The server's error number: the system's own (ECONNREFUSED is -111) are left out. */
export function errnoOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return undefined;
  return error.errno > 0 && 'sqlState' in error ? error.errno : undefined;
}

/** Whether the way to the server failed, and not the statement. */
export function isConnectionLoss(error: unknown): boolean {
  const errno = errnoOf(error);
  if (errno !== undefined) return unreachable.has(errno);
  return error instanceof Error && ('fatal' in error || 'syscall' in error || 'code' in error);
}

/** Any failure of a connection attempt or of a plain query, with the server named. */
export function serverFailure(role: ServerRole, access: ServerAccess, error: unknown): FerryError {
  if (error instanceof FerryError) return error;
  const said = messageOf(error);
  const name = serverFailureName(role, errnoOf(error)) ?? (isConnectionLoss(error) ? unreachableName(role) : 'InternalError');
  const denied = name.endsWith('AccessDenied');
  const what = denied ? `refused the account ${access.username}` : name === 'InternalError' ? 'answered' : 'does not answer';
  return new FerryError(name, `The ${role} server ${access.host}:${access.port} ${what}: ${said}`, { cause: error });
}

function unreachableName(role: ServerRole): ErrorName {
  return role === 'source' ? 'SourceUnreachable' : 'TargetUnreachable';
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to a name with several addresses comes as an AggregateError without a message.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error.message;
}
