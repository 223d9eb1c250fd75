/**
 * Names, and the keys made from them. Builders and parsers stand in pairs, so that no other file cuts strings.
 */
import { FerryError } from './errors.ts';

/** Schemas that a MySQL or MariaDB server, or Amazon RDS, keeps for itself. */
const systemDatabases = new Set(['mysql', 'information_schema', 'performance_schema', 'sys', 'ndbinfo']);

export function isSystemDatabase(name: string): boolean {
  return systemDatabases.has(name.toLowerCase());
}

/**
 * Refuses what cannot be a user's database.
 * Source: MySQL Reference Manual, "Schema Object Names": at most 64 characters of the Basic Multilingual Plane,
 * no U+0000, no trailing space.
 * @throws FerryError InvalidDatabaseName, SystemDatabase
 */
export function checkDatabaseName(name: string): void {
  const flaw = flawOf(name);
  if (flaw !== undefined) {
    throw new FerryError('InvalidDatabaseName', `Database name ${JSON.stringify(shortened(name))} ${flaw}.`);
  }
  if (isSystemDatabase(name)) throw new FerryError('SystemDatabase', `\`${name}\` is one of MySQL's own schemas.`);
}

function flawOf(name: string): string | undefined {
  const length = Array.from(name).length;
  if (length === 0) return 'is empty';
  if (length > 64) return `has ${length} characters; MySQL allows 64`;
  if (name.endsWith(' ')) return 'ends with a space';
  // eslint-disable-next-line no-control-regex -- the control characters are what is looked for
  if (/[\u0000\n\r]/.test(name)) return 'contains a NUL or a line break';
  if (/[\u{10000}-\u{10ffff}]/u.test(name)) return 'contains a character outside the Basic Multilingual Plane';
  return undefined;
}

function shortened(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

/** The table that marks a database of the target as Ferry's own until it is verified. */
export const markerTable = '_aurora_ferry_import';

/** Made and dropped beside the marker where two texts of a definition may mean the same. */
export const scratchTable = '_aurora_ferry_table';
export const scratchView = '_aurora_ferry_view';

/** `name` as a quoted MySQL identifier. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A database name as one segment of an S3 key: every UTF-8 byte outside [A-Za-z0-9_-] as %XX. At most 576 bytes. */
export function databaseKey(name: string): string {
  return [...new TextEncoder().encode(name)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

export function parseDatabaseKey(key: string): string {
  return decodeURIComponent(key);
}

export type Stage = 'dump' | 'import' | 'verify';

/** The attempt folder of a dump that someone made by hand (its manifest enters the migration by the S3 event). */
export const handMadeAttempt = 'manual';

export function dumpPrefix(migration: string, database: string, attempt: number | typeof handMadeAttempt): string {
  return `${migration}/dumps/${databaseKey(database)}/${attempt}/`;
}

export function manifestKey(migration: string, database: string, attempt: number | typeof handMadeAttempt): string {
  return `${dumpPrefix(migration, database, attempt)}manifest.json`;
}

/** The migration, database and attempt folder in the key of a manifest; undefined when it is no manifest's key, or names no database. */
export function parseManifestKey(
  key: string,
): { readonly migration: string; readonly database: string; readonly attempt: string } | undefined {
  const match = /^([^/]+)\/dumps\/([^/]+)\/([^/]+)\/manifest\.json$/.exec(key);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined;
  try {
    return { migration: match[1], database: parseDatabaseKey(match[2]), attempt: match[3] };
  } catch (error) {
    // A percent sign that begins no character.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The state machine builds this key too (ReadDumpReport and its sisters), from the same four parts. */
export function reportKey(migration: string, database: string, attempt: number, stage: Stage): string {
  return `${migration}/reports/${databaseKey(database)}/${attempt}/${stage}.json`;
}

export function accountsReportKey(migration: string): string {
  return `${migration}/reports/accounts.json`;
}

/** Beside the report of the import that made it. */
export function auditKey(migration: string, database: string, attempt: number): string {
  return `${migration}/reports/${databaseKey(database)}/${attempt}/audit.json`;
}

/** Of the newest verification. */
export function verifiedObjectsKey(migration: string, database: string): string {
  return `${migration}/reports/${databaseKey(database)}/objects.json`;
}

export function passPrefix(migration: string, run: string, pass: number): string {
  return `${migration}/passes/${run}/${pass}/`;
}

/** Where `ferry start` puts a list that is too long for the execution's input. */
export function databaseListKey(migration: string, run: string): string {
  return `${migration}/lists/${run}.txt`;
}

export function actionsPrefix(migration: string): string {
  return `${migration}/actions/`;
}

/** @param at ISO 8601, so that keys sort by time */
export function actionKey(migration: string, run: string, at: string, action: string): string {
  return `${actionsPrefix(migration)}${run}/${at}-${action}.json`;
}

export function looksPrefix(migration: string): string {
  return `${migration}/looks/`;
}

/** @param at ISO 8601, so that keys sort by time */
export function lookKey(migration: string, at: string, kind: string): string {
  return `${looksPrefix(migration)}${at}-${kind}.json`;
}

export const databaseItemPrefix = 'database#';

export function databaseItem(name: string): string {
  return `${databaseItemPrefix}${name}`;
}

export function parseDatabaseItem(item: string): string | undefined {
  return item.startsWith(databaseItemPrefix) ? item.slice(databaseItemPrefix.length) : undefined;
}

/** Of the items that hold a database's older transitions. The name is encoded, so that none can be the beginning of another. */
export function historyItemPrefix(database: string): string {
  return `history#${databaseKey(database)}#`;
}

/** @param from how many transitions are before those of the item; its digits make items sort by it */
export function historyItem(database: string, from: number): string {
  return `${historyItemPrefix(database)}${String(from).padStart(8, '0')}`;
}

export const runItemPrefix = 'run#';

export function runItem(run: string): string {
  return `${runItemPrefix}${run}`;
}

export const freezeItemPrefix = 'freeze#';

export function freezeItem(database: string): string {
  return `${freezeItemPrefix}${database}`;
}

/** The name of an execution, the last part of its ARN. */
export function executionName(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf(':') + 1);
}
