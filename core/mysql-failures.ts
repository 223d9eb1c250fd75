/** Names for what a MySQL server or the way to it refuses. */
import { FerryError } from './errors.ts';
import type { ErrorName } from './errors.ts';
import { isTlsFlaw, tlsAdvice } from './mysql/tls-flaws.ts';
import type { ServerAccess } from './server-access.ts';

export type ServerRole = 'source' | 'target';

/**
 * The login is refused. Source: MySQL Server Error Message Reference. 1045 account, 1251 and 1275 password of before
 * MySQL 4.1, 1698 account, 1820 and 1862 password expired, 3118 account locked, 3955 account locked for a while.
 */
const accessDenied = new Set([1045, 1251, 1275, 1698, 1820, 1862, 3118, 3955]);

/** The account may not do it: 1044 database, 1142 and 1143 table and column, 1227 a privilege on everything, 1370 routine. */
const privilegeMissing = new Set([1044, 1142, 1143, 1227, 1370]);

/** Of clients: "SSL connection error". */
const tlsErrno = 2026;

/** 1040 and 1203 too many connections, 1053 and 3169 shutting down, 1317 killed, 2002 to 2013 client side. */
const unreachable = new Set([1040, 1053, 1129, 1130, 1203, 1317, 2002, 2003, 2005, 2006, 2013, 2026, 3169, 4031]);

/**
 * What may pass another time: 1205 lock wait timeout, 1213 deadlock (of metadata locks too, where databases that refer to each
 * other are dropped at once), 1290 and 1836 read-only (a failover), 3572 lock not available.
 */
export const passingErrors: ReadonlySet<number> = new Set([1205, 1213, 1290, 1836, 3572]);

/**
 * What was there when it was listed is not, or is another thing, when it is read: 1049 database, 1051, 1109 and 1146 table, 1176 index,
 * 1305 routine, 1347 another kind of object, 1360 trigger, 1412 a table that is another one by now, 1505 and 1735 partition, 1539
 * event, 1615 a definition that changes again and again.
 */
const vanished = new Set([1049, 1051, 1109, 1146, 1176, 1305, 1347, 1360, 1412, 1505, 1539, 1615, 1735]);
const unknownColumn = 1054;
/** Whose tables and columns do not come and go: what is not there was asked for in error. */
const serversOwnSchemas = /\b(?:information_schema|performance_schema|mysql|sys)`?\./i;

/**
 * Whether somebody dropped or changed what a statement reads, after it was found to be there. A trigger of MySQL 5.6 that goes while
 * information_schema is read shows as one that is missing, too.
 */
export function hasVanished(error: unknown): boolean {
  const errno = errnoOf(error) ?? 0;
  const isOfServer = error instanceof Error && 'sql' in error && typeof error.sql === 'string' && serversOwnSchemas.test(error.sql);
  if (!isOfServer) return vanished.has(errno) || errno === unknownColumn;
  // That the server's own tables are missing is no change of a database; what they tell of may be.
  return vanished.has(errno) && errno !== 1109 && !serversOwnSchemas.test(messageOf(error).replaceAll("'", ''));
}

/** As a program of MySQL's prints it. */
export function isVanishedErrno(errno: number): boolean {
  return vanished.has(errno);
}

/**
 * The names by which a server is unusable as a whole; undefined when the error is about something else.
 * @param said what a program of MySQL said with the number: 2026 may be a certificate, and a connection that was lost
 */
export function serverFailureName(role: ServerRole, errno: number | undefined, said = ''): ErrorName | undefined {
  if (errno === undefined) return undefined;
  const server = role === 'source' ? 'Source' : 'Target';
  if (errno === tlsErrno && isTlsFlaw(said)) return `${server}TlsFailed`;
  if (accessDenied.has(errno)) return `${server}AccessDenied`;
  if (privilegeMissing.has(errno)) return `${server}PrivilegeMissing`;
  if (unreachable.has(errno)) return `${server}Unreachable`;
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
  const plugin = unknownPlugin(error);
  const tls = isFromServer(error) ? undefined : tlsAdvice(messageOf(error), { role, host: access.host });
  const said = loginAdvice(access, error, plugin) ?? (tls === undefined ? messageOf(error) : `${tls} (${messageOf(error)})`);
  const name = tls === undefined ? (serverFailureName(role, plugin === undefined ? errnoOf(error) : 1045) ?? otherFailureName(role, error)) : tlsFailureName(role);
  const what =
    name.endsWith('TlsFailed') ? 'is not connected to'
    : name.endsWith('AccessDenied') ? `refused the account ${access.username}`
    : name.endsWith('PrivilegeMissing') ? `refused a statement of the account ${access.username}`
    : name === 'InternalError' ? 'answered'
    : name === 'ImportInterrupted' ? 'could not go on'
    : name === 'SourceChanged' ? 'does not have any more what was to be read'
    : 'does not answer';
  return new FerryError(name, `The ${role} server ${access.host}:${access.port} ${what}: ${said}`, { cause: error });
}

/** The server, or its certificate, says no: another try at once would say the same, and some servers lock an account after a few. */
export function isLoginRefused({ name }: FerryError): boolean {
  return name.endsWith('AccessDenied') || name.endsWith('TlsFailed');
}

function otherFailureName(role: ServerRole, error: unknown): ErrorName {
  if (isConnectionLoss(error)) return unreachableName(role);
  if (hasVanished(error)) return role === 'source' ? 'SourceChanged' : 'ImportInterrupted';
  return role === 'target' && passingErrors.has(errnoOf(error) ?? 0) ? 'ImportInterrupted' : 'InternalError';
}

/** An error packet: what it says is about a statement or an account, whatever words it uses. */
function isFromServer(error: unknown): boolean {
  return errnoOf(error) !== undefined;
}

/** The way to log in that the server asks for, where mysql2 knows none of that name, or is not to use it. */
function unknownPlugin(error: unknown): string | undefined {
  if (codeOf(error) === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED') return clearPassword;
  return codeOf(error) === 'AUTH_SWITCH_PLUGIN_ERROR' ? /plugin '?([\w.-]+?)'?(?:[.,\s]|$)/.exec(messageOf(error))?.[1] : undefined;
}

const clearPassword = 'mysql_clear_password';

/** What to do about a login that is refused, where the server's own words do not tell. */
function loginAdvice(access: ServerAccess, error: unknown, plugin: string | undefined): string | undefined {
  if (plugin !== undefined) return pluginAdvice(plugin);
  if (access.authentication !== 'iam' || !accessDenied.has(errnoOf(error) ?? 0)) return undefined;
  return `it did not take the token of AWS IAM. Check that the account is IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS', that IAM authentication is on for the server, that its host is the endpoint's own name, and that the role may rds-db:connect as this account (docs/security.md). (${messageOf(error)})`;
}

function pluginAdvice(plugin: string): string {
  if (plugin === clearPassword) {
    return 'it asks for the password in clear text, which is not sent. An account of AWS IAM is logged in by token: say "authentication": "iam" in the server\'s secret, or --source-auth or --target-auth iam on a command line. Give any other a password of caching_sha2_password.';
  }
  if (plugin !== 'mysql_old_password') return `it logs in by ${plugin}. Give it a password of mysql_native_password or caching_sha2_password.`;
  return 'its password is stored as MySQL before 4.1 did, in 16 digits, which no client of today takes. There, SET SESSION old_passwords = 0 and then SET PASSWORD for it.';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function tlsFailureName(role: ServerRole): ErrorName {
  return role === 'source' ? 'SourceTlsFailed' : 'TargetTlsFailed';
}

function unreachableName(role: ServerRole): ErrorName {
  return role === 'source' ? 'SourceUnreachable' : 'TargetUnreachable';
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to a name with several addresses comes as an AggregateError without a message.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error.message.trim();
}
