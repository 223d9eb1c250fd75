/**
 * What Ferry's account on the source needs to see all of a database, and what is missing. docs/security.md says the
 * same for people.
 */
import { escapeName } from '../accounts/name-patterns.ts';
import { isAtLeast, isMariaDb } from '../mysql-versions.ts';
import { quoteIdentifier } from '../names.ts';
import type { HeldPrivileges } from './held.ts';

/** Those that can be granted on single databases too. */
export const databasePrivileges = ['SELECT', 'LOCK TABLES', 'SHOW VIEW', 'TRIGGER', 'EVENT', 'EXECUTE'] as const;
type DatabasePrivilege = (typeof databasePrivileges)[number];

/** All that a dump may need, and nothing that writes. */
export const sourcePrivileges = [...databasePrivileges, 'PROCESS', 'REPLICATION CLIENT'] as const;

/** @param account as it is written behind TO: `'ferry'@'10.%'` */
export function sourceGrant(account: string): string {
  return `GRANT ${sourcePrivileges.join(', ')} ON *.* TO ${account}`;
}

/** A comparison reads the same as a dump, and locks and runs nothing. */
export type Purpose = 'dump' | 'comparison';

/** What a database holds that asks for a privilege which others do not need. */
export interface SubjectOfPrivileges {
  readonly database: string;
  /** '' while it is not known. */
  readonly version: string;
  readonly hasViews: boolean;
  /** Tables whose engine has no snapshots. */
  readonly isLocked: boolean;
  /** Routines whose text the server does not show to this account; undefined where nobody has asked. */
  readonly hiddenRoutines: readonly string[] | undefined;
  /** Functions that a view calls and this account may not: `shop.total`; undefined where nobody has asked. */
  readonly refusedFunctions: readonly string[] | undefined;
  /** Privileges that the account has by its grants and that the server denies it all the same. */
  readonly denied: readonly string[];
}

/** The worst case: who has enough for it has enough for every database, of which then nothing need be asked. */
export function anyDatabase(database: string): SubjectOfPrivileges {
  return { database, version: '', hasViews: true, isLocked: true, hiddenRoutines: undefined, refusedFunctions: undefined, denied: [] };
}

export interface MissingPrivilege {
  readonly privilege: string;
  /** `` `shop`.* ``. */
  readonly on: string;
  readonly reason: string;
}

/** In the order in which they are granted. */
export function missingPrivileges(held: HeldPrivileges, subject: SubjectOfPrivileges, purpose: Purpose): MissingPrivilege[] {
  const { database, hasViews, isLocked, denied } = subject;
  const lacks = (privilege: DatabasePrivilege): boolean => !held.onDatabase(privilege, database) || denied.includes(privilege);
  const on = `${quoteIdentifier(database)}.*`;
  const missing: MissingPrivilege[] = [];
  const add = (privilege: string, reason: string, where = on): void => void missing.push({ privilege, on: where, reason });
  if (lacks('SELECT')) add('SELECT', held.onPartsOf('SELECT', database) ? 'it is granted on single tables or columns: others are not shown' : 'tables are not shown');
  if (purpose === 'dump' && isLocked && lacks('LOCK TABLES')) add('LOCK TABLES', 'tables of engines without snapshots cannot be held still');
  if (hasViews && lacks('SHOW VIEW')) add('SHOW VIEW', 'definitions of views are not shown');
  if (lacks('TRIGGER')) add('TRIGGER', 'triggers are not shown');
  if (lacks('EVENT')) add('EVENT', 'events are not shown');
  missing.push(...missingForRoutines(held, subject));
  if (purpose === 'dump') missing.push(...missingForFunctions(held, subject, on));
  return missing;
}

/** The text of a routine is shown to its definer, and to who may read all of them. */
function missingForRoutines(held: HeldPrivileges, { database, version, hiddenRoutines }: SubjectOfPrivileges): MissingPrivilege[] {
  if (readsAllRoutines(held, database, version)) return [];
  // With one of these the names of all routines are shown, and whose text is not shown can be asked.
  const seesNames = held.onDatabase('EXECUTE', database) || held.onDatabase('ALTER ROUTINE', database);
  if (seesNames && hiddenRoutines?.length === 0) return [];
  const named = hiddenRoutines === undefined || hiddenRoutines.length === 0 ? '' : ` (${listed(hiddenRoutines)})`;
  const reason = `procedures and functions are not shown${named}`;
  if (isMariaDb(version) || !isAtLeast(version, 8)) return [{ privilege: 'SELECT', on: '`mysql`.`proc`', reason }];
  return [{ privilege: isAtLeast(version, 8, 0, 20) ? 'SHOW_ROUTINE' : 'SELECT', on: '*.*', reason }];
}

function readsAllRoutines(held: HeldPrivileges, database: string, version: string): boolean {
  if (isMariaDb(version) && held.onDatabase('SHOW CREATE ROUTINE', database)) return true;
  if (!isMariaDb(version) && isAtLeast(version, 8)) return held.onServer('SELECT') || held.onServer('SHOW_ROUTINE');
  return version === '' ? held.onServer('SELECT') : held.onTable('SELECT', 'mysql', 'proc');
}

/**
 * mysqldump asks for the columns of views; a server before 8.0, and MariaDB, then wants EXECUTE of who asks, whoever
 * the definer is.
 */
function missingForFunctions(held: HeldPrivileges, { database, version, hasViews, refusedFunctions }: SubjectOfPrivileges, on: string): MissingPrivilege[] {
  if (!hasViews || (version !== '' && !isMariaDb(version) && isAtLeast(version, 8))) return [];
  if (refusedFunctions === undefined) {
    const isEnough = version === '' ? held.everywhere('EXECUTE') : held.onDatabase('EXECUTE', database);
    return isEnough ? [] : [{ privilege: 'EXECUTE', on, reason: 'views that call a function are not shown' }];
  }
  return refusedFunctions.map((name) => {
    const [schema, routine] = splitName(name, database);
    return { privilege: 'EXECUTE', on: `FUNCTION ${quoteIdentifier(schema)}.${quoteIdentifier(routine)}`, reason: 'a view calls it, and its columns are not shown' };
  });
}

/** `shop.total`, as a server's messages have it. */
function splitName(name: string, database: string): [string, string] {
  if (name.startsWith(`${database}.`)) return [database, name.slice(database.length + 1)];
  const dot = name.indexOf('.');
  return dot === -1 ? [database, name] : [name.slice(0, dot), name.slice(dot + 1)];
}

/**
 * The statements that give what is missing: on everything, or where the account has grants on the database, on what
 * these are on,
 * or all together on the database.
 */
export function grantsFor(held: HeldPrivileges, database: string, missing: readonly MissingPrivilege[]): string[] {
  const { account } = held.parsed;
  const own = `${quoteIdentifier(database)}.*`;
  const ofDatabase = databasePrivileges.filter((privilege) => missing.some((each) => each.on === own && each.privilege === privilege));
  const wide = ofDatabase.length === 0 ? [] : grantsOnDatabase(held, database, ofDatabase);
  const givesAllRows = wide.some(({ on, privileges }) => on === '*.*' && privileges.includes('SELECT'));
  const givesFunctions = wide.some(({ privileges }) => privileges.includes('EXECUTE'));
  const narrow = missing.filter(({ privilege, on }) => {
    if (on === own || (givesAllRows && privilege === 'SELECT')) return false;
    return !(givesFunctions && on.startsWith(`FUNCTION ${quoteIdentifier(database)}.`));
  });
  const statements = [...wide, ...narrow.map(({ privilege, on }) => ({ privileges: [privilege], on }))];
  return statements.map(({ privileges, on }) => `GRANT ${privileges.join(', ')} ON ${on} TO ${account}`);
}

type Wanted = ReturnType<HeldPrivileges['lackingOn']>;

function grantsOnDatabase(held: HeldPrivileges, database: string, wanted: readonly DatabasePrivilege[]): Wanted {
  const lacking = held.lackingOn(database, wanted).filter(({ privileges }) => privileges.length > 0);
  if (lacking.length > 0) return lacking;
  const isGlobal = databasePrivileges.some((each) => held.onServer(each)) && !wanted.some((each) => held.onServer(each));
  if (isGlobal) return [{ on: '*.*', privileges: wanted }];
  const pattern = quoteIdentifier(held.rules.literal ? database : escapeName(database));
  return [{ on: `${pattern}.*`, privileges: databasePrivileges }];
}

/** For people: what is missing, why it matters, and what to grant. */
export function describeMissing(held: HeldPrivileges, database: string, missing: readonly MissingPrivilege[]): string {
  const named = missing.map(({ privilege, on, reason }) => `${privilege} on ${on} (${reason})`).join(', ');
  return `${held.parsed.account} lacks ${named}. Give it: ${grantsFor(held, database, missing).join('; ')};`;
}

const shownNames = 5;

function listed(names: readonly string[]): string {
  return `${names.slice(0, shownNames).join(', ')}${names.length > shownNames ? ` and ${names.length - shownNames} more` : ''}`;
}
