/** Asks a source whether Ferry's account sees all of a database. Usually that is one question: SHOW GRANTS. */
import { FerryError } from '../errors.ts';
import { errnoOf } from '../mysql-failures.ts';
import { isAtLeast, isMariaDb } from '../mysql-versions.ts';
import { quoteIdentifier } from '../names.ts';
import { textLiteral } from '../sql-text.ts';
import { HeldPrivileges, rulesOf, unknownRules } from './held.ts';
import type { GrantRules } from './held.ts';
import { anyDatabase, describeMissing, missingPrivileges } from './needed.ts';
import type { Purpose, SubjectOfPrivileges } from './needed.ts';
import { parseGrants } from './parse-grants.ts';
import type { ParsedGrants } from './parse-grants.ts';

type Query = <Row>(sql: string) => Promise<Row[]>;

/** ER_PROCACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR. */
const [routineDenied, databaseDenied] = [1370, 1044];

/** @throws FerryError SourcePrivilegeMissing, which names every privilege that is missing; what the server answers */
export async function assertAllVisible(query: Query, database: string, purpose: Purpose): Promise<void> {
  const missing = await findMissing(query, database, purpose);
  if (missing === undefined) return;
  throw new FerryError('SourcePrivilegeMissing', `\`${database}\` cannot be seen as a whole by Ferry's account: ${missing}`);
}

/**
 * @returns what is missing and how to give it, for people; undefined when nothing is. @throws what the server answers
 */
export async function findMissing(query: Query, database: string, purpose: Purpose): Promise<string | undefined> {
  const parsed = parseGrants(await showGrants(query, 'SHOW GRANTS'));
  if (missingPrivileges(new HeldPrivileges(parsed, unknownRules), anyDatabase(database), purpose).length === 0) return undefined;
  const { version, rules } = await readRules(query, parsed);
  const held = new HeldPrivileges(parsed, rules);
  const subject = await readSubject(query, { database, version, held });
  const missing = missingPrivileges(held, subject, purpose);
  if (missing.length === 0) return undefined;
  const roles = await inactiveRoles(query, held, subject, purpose);
  return `${describeMissing(held, database, missing)}${roles === undefined ? '' : ` ${roles}`}`;
}

/** One column, whose name holds the account. */
async function showGrants(query: Query, sql: string): Promise<string[]> {
  const rows = await query<Record<string, string>>(sql);
  return rows.flatMap((row) => Object.values(row));
}

async function readRules(query: Query, parsed: ParsedGrants): Promise<{ readonly version: string; readonly rules: GrantRules }> {
  const rows = await query<{ Variable_name: string; Value: string }>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'lower_case_table_names', 'partial_revokes')",
  );
  const variables = new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
  const version = variables.get('version') ?? '';
  return { version, rules: rulesOf(version, variables, parsed) };
}

interface Reading {
  readonly database: string;
  readonly version: string;
  readonly held: HeldPrivileges;
}

/** What the database holds is asked for only where the account sees its tables. */
async function readSubject(query: Query, reading: Reading): Promise<SubjectOfPrivileges> {
  const { database, version, held } = reading;
  if (!held.onDatabase('SELECT', database)) return { ...anyDatabase(database), version };
  const schema = textLiteral(database);
  const tables = await query<{ name: string; type: string; engine: string | null }>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${schema}`,
  );
  const views = tables.filter(({ type }) => type.endsWith('VIEW')).map(({ name }) => name);
  return {
    database,
    version,
    hasViews: views.length > 0,
    isLocked: tables.some(({ type, engine }) => !type.endsWith('VIEW') && engine?.toLowerCase() !== 'innodb'),
    hiddenRoutines: await readHiddenRoutines(query, reading),
    refusedFunctions: held.everywhere('EXECUTE') ? [] : await readRefusedFunctions(query, reading, views),
    denied: held.everywhere('SELECT') && held.everywhere('TRIGGER') && held.everywhere('EVENT') ? [] : await readDenied(query, reading),
  };
}

async function readHiddenRoutines(query: Query, { database }: Reading): Promise<string[]> {
  const rows = await query<{ name: string }>(
    `SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${textLiteral(database)} AND ROUTINE_DEFINITION IS NULL`,
  );
  return rows.map(({ name }) => name);
}

/**
 * The server is asked for each view as mysqldump will ask; one that is refused for another reason is a finding of its
 * own.
 */
async function readRefusedFunctions(query: Query, { database, version }: Reading, views: readonly string[]): Promise<string[]> {
  if (!isMariaDb(version) && isAtLeast(version, 8)) return [];
  const refused = new Set<string>();
  for (const view of views) {
    try {
      await query(`SHOW COLUMNS FROM ${quoteIdentifier(database)}.${quoteIdentifier(view)}`);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === undefined) throw error;
      if (errno === routineDenied) refused.add(routineIn(error));
    }
  }
  return [...refused];
}

/**
 * `execute command denied to user 'ferry'@'%' for routine 'shop.total'`; in every language the routine stands last in
 * quotes.
 */
function routineIn(error: unknown): string {
  return /'([^']*)'[^']*$/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
}

/**
 * Rows of other accounts can stand before an account's own: of the anonymous one, or of the same name on a nearer
 * host. SHOW GRANTS
 * does not tell, but the server says what it lets this account do with columns and events.
 */
async function readDenied(query: Query, { database, held }: Reading): Promise<string[]> {
  const noEvents = await query(`SHOW EVENTS FROM ${quoteIdentifier(database)} WHERE 1 = 0`).then(
    () => false,
    (error: unknown) => {
      if (errnoOf(error) === databaseDenied) return true;
      throw error;
    },
  );
  const ofColumns = held.parsed.roles.length > 0 ? [] : await readColumnPrivileges(query, database);
  const denied = [...(noEvents ? ['EVENT'] : []), ...(ofColumns.some((privileges) => !privileges.includes('SELECT')) ? ['SELECT'] : [])];
  const strange = ['INSERT', 'UPDATE', 'REFERENCES'].some((privilege) => {
    if (ofColumns.length === 0 || held.onPartsOf(privilege, database)) return false;
    const isGiven = ofColumns.some((privileges) => privileges.includes(privilege));
    return isGiven ? !held.maybeOnDatabase(privilege, database) : held.onDatabase(privilege, database);
  });
  // Whether triggers are shown cannot be asked; a row that gives other privileges on columns is not the one that was
  // read.
  if (strange && !held.everywhere('TRIGGER')) denied.push('TRIGGER');
  return denied;
}

/** Of all columns of the database; MySQL 8.0 tells nothing of privileges that a role gives. */
async function readColumnPrivileges(query: Query, database: string): Promise<string[][]> {
  const rows = await query<{ privileges: string }>(`SELECT DISTINCT PRIVILEGES AS privileges FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${textLiteral(database)}`);
  return rows.map(({ privileges }) => privileges.toUpperCase().split(','));
}

/** Roles that would give what is missing, if they were active. */
async function inactiveRoles(query: Query, held: HeldPrivileges, subject: SubjectOfPrivileges, purpose: Purpose): Promise<string | undefined> {
  const { roles, account } = held.parsed;
  if (roles.length === 0) return undefined;
  const ofMariaDb = isMariaDb(subject.version);
  const choices = ofMariaDb ? roles.map((role) => [role]) : [roles];
  for (const choice of choices) {
    const lines = await (ofMariaDb ? grantsWithRole(query, choice.join()) : showGrants(query, `SHOW GRANTS FOR CURRENT_USER() USING ${choice.join(', ')}`)).catch(unlessRefused);
    if (lines === undefined || missingPrivileges(new HeldPrivileges(parseGrants(lines), held.rules), { ...subject, denied: [] }, purpose).length > 0) continue;
    const activate = ofMariaDb ? `SET DEFAULT ROLE ${choice.join()} FOR ${account}` : `SET DEFAULT ROLE ALL TO ${account}`;
    return `Its roles (${choice.join(', ')}) have it, but are not active: ${activate};`;
  }
  return undefined;
}

/** MariaDB has one active role, and shows its grants to no other session than that in which it is active. */
async function grantsWithRole(query: Query, role: string): Promise<string[]> {
  const [before] = await query<{ role: string | null }>('SELECT CURRENT_ROLE() AS role');
  await query(`SET ROLE ${role}`);
  try {
    return await showGrants(query, 'SHOW GRANTS');
  } finally {
    await query(`SET ROLE ${typeof before?.role === 'string' ? quoteIdentifier(before.role) : 'NONE'}`);
  }
}

/** @throws what is no answer of the server */
function unlessRefused(error: unknown): undefined {
  if (errnoOf(error) === undefined) throw error;
  return undefined;
}
