/**
 * Taking the accounts' write privileges on one database away, and giving them back: what `--freeze=revoke` and `ferry unfreeze` do on
 * the source. Privileges that are not of this database alone cannot be taken away for it.
 */
import { type DatabaseGrant, describeAccount, type ObjectGrant, readDatabaseGrants, readObjectGrants } from './accounts/grants.ts';
import { hasWildcard } from './accounts/name-patterns.ts';
import { privilegesOfColumns } from './accounts/privileges.ts';
import { type Row, textOf } from './accounts/rows.ts';
import type { AccountName } from './accounts/source-account.ts';
import { grantStatement, privilegeText, quoteAccount } from './accounts/statements.ts';
import { FerryError } from './errors.ts';
import type { Withdrawal } from './freezes.ts';
import { errnoOf } from './mysql-failures.ts';
import { quoteIdentifier } from './names.ts';
import { textLiteral } from './sql-text.ts';

/** One connection to the source. */
export interface Source {
  query<Row>(sql: string): Promise<Row[]>;
  execute(sql: string): Promise<unknown>;
}

/** EXECUTE is one of them: a routine writes with its definer's privileges. Source: MySQL Reference Manual, "Privileges Provided by MySQL". */
export const writePrivileges: ReadonlySet<string> = new Set([
  'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'CREATE VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'EXECUTE', 'EVENT', 'TRIGGER',
]);
const shownNames = 10;

export interface WithdrawalPlan {
  readonly withdrawals: readonly Withdrawal[];
  /** Names of users who had something to withdraw, for their sessions. */
  readonly users: readonly string[];
  /** With SUPER and write privileges on everything: nobody can shut them out, and they are trusted not to write. */
  readonly administrators: readonly string[];
}

/** @throws FerryError FreezeRefused, naming every account that could write on; what the server answers */
export async function planWithdrawal(source: Source, database: string): Promise<WithdrawalPlan> {
  const [server = {}] = await source.query<Row>('SELECT CURRENT_USER() AS ferry');
  const [partialRevokes = {}] = await source.query<Row>("SHOW GLOBAL VARIABLES LIKE 'partial_revokes'");
  const literal = textOf(partialRevokes, 'Value') === 'ON';
  const isFerry = (account: AccountName): boolean => `${account.user}@${account.host}` === textOf(server, 'ferry');
  const global = (await readGlobalWriters(source)).filter((account) => !isFerry(account));
  const administrators = global.filter(({ isAdministrator }) => isAdministrator).map(describeAccount);
  const flaws = global.filter(({ isAdministrator }) => !isAdministrator).map((account) => `${describeAccount(account)} (on *.*)`);
  const grants = (await readGrants(source, database, literal)).filter(({ account }) => !isFerry(account));
  for (const { account, pattern } of grants) {
    if (pattern === undefined || literal || !hasWildcard(pattern)) continue;
    const others = await namesMatching(source, pattern, database);
    if (others.length > 0) flaws.push(`${describeAccount(account)} (on ${quoteIdentifier(pattern)}, which covers ${others.join(', ')} too)`);
  }
  if (flaws.length > 0) {
    const shown = `${flaws.slice(0, shownNames).join('; ')}${flaws.length > shownNames ? `; and ${flaws.length - shownNames} more` : ''}`;
    const message = `The write privileges of these accounts cannot be withdrawn for \`${database}\` alone: ${shown}. Give each a grant on the database itself instead, lock it, or use --freeze without =revoke.`;
    throw new FerryError('FreezeRefused', message);
  }
  return { withdrawals: grants.map(({ withdrawal }) => withdrawal), users: [...new Set(grants.map(({ account }) => account.user))], administrators };
}

/** Sessions keep their privileges on the database that they have chosen. @throws FerryError FreezeRefused when they may not be ended */
export async function endSessions(source: Source, database: string, users: readonly string[]): Promise<void> {
  if (users.length === 0) return;
  const sessions = await source.query<{ id: number | string; user: string }>(
    `SELECT ID AS id, USER AS user FROM information_schema.PROCESSLIST WHERE DB = ${textLiteral(database)} AND USER IN (${users.map(textLiteral).join(', ')}) AND ID <> CONNECTION_ID()`,
  );
  for (const { id, user } of sessions) {
    try {
      await source.execute(`KILL ${id}`);
    } catch (error) {
      if (errnoOf(error) === noSuchThread) continue;
      const message = `The sessions of ${user} in \`${database}\` keep their privileges until they end, and Ferry's account may not end them: grant it SUPER (CONNECTION_ADMIN since MySQL 8.0), or end them and redrive.`;
      throw new FerryError('FreezeRefused', message, { cause: error });
    }
  }
}

const noSuchThread = 1094;
/** The account, table or routine is gone: ER_NONEXISTING_GRANT, ER_PASSWORD_NO_MATCH, ER_NO_SUCH_TABLE, ER_SP_DOES_NOT_EXIST, ER_CANT_CREATE_USER_WITH_GRANT. */
const goneErrors = new Set([1141, 1133, 1146, 1305, 1410]);

/**
 * Tries every statement.
 * @returns what could not be given back, and the first reason; nothing is left of what is gone
 */
export async function giveBack(source: Source, withdrawn: readonly Withdrawal[]): Promise<{ readonly left: readonly Withdrawal[]; readonly error?: unknown }> {
  const left: Withdrawal[] = [];
  const errors: unknown[] = [];
  // Before MySQL 8.0 a GRANT to an account that was dropped meanwhile would make it anew, without a password.
  await source.execute("SET SESSION sql_mode = 'NO_AUTO_CREATE_USER'").catch(() => undefined);
  for (const withdrawal of withdrawn) {
    try {
      await source.execute(withdrawal.grant);
    } catch (error) {
      if (goneErrors.has(errnoOf(error) ?? 0)) continue;
      left.push(withdrawal);
      errors.push(error);
    }
  }
  return { left, ...(errors.length === 0 ? {} : { error: errors[0] }) };
}

interface GlobalWriter extends AccountName {
  readonly isAdministrator: boolean;
}

async function readGlobalWriters(source: Source): Promise<GlobalWriter[]> {
  const rows = await source.query<Row>('SELECT * FROM mysql.user');
  return rows.flatMap((row) => {
    const { privileges } = privilegesOfColumns(row);
    if (!privileges.some((name) => writePrivileges.has(name)) || isSystem(textOf(row, 'User'))) return [];
    return [{ user: textOf(row, 'User'), host: textOf(row, 'Host'), isAdministrator: privileges.includes('SUPER') }];
  });
}

/** Accounts of the server itself, with which nobody can log in. */
function isSystem(user: string): boolean {
  return /^(mysql\.(sys|session|infoschema)|mariadb\.sys|PUBLIC)$/.test(user);
}

interface WriteGrant {
  readonly account: AccountName;
  /** Of a grant on the database as a whole, as stored. */
  readonly pattern: string | undefined;
  readonly withdrawal: Withdrawal;
}

async function readGrants(source: Source, database: string, literal: boolean): Promise<WriteGrant[]> {
  const name = textLiteral(database);
  // A stored name is a pattern as LIKE takes it.
  const databases = await source.query<Row>(`SELECT * FROM mysql.db WHERE ${literal ? `Db = ${name}` : `${name} LIKE Db`}`);
  const tables = await source.query<Row>(`SELECT * FROM mysql.tables_priv WHERE Db = ${name}`);
  const columns = await source.query<Row>(`SELECT * FROM mysql.columns_priv WHERE Db = ${name}`);
  const routines = await source.query<Row>(`SELECT * FROM mysql.procs_priv WHERE Db = ${name}`);
  return [
    ...each(readDatabaseGrants(databases), (account, grant) => databaseWrites(account, grant)),
    ...each(readObjectGrants(tables, columns, routines), (account, grant) => objectWrites(account, grant)),
  ];
}

function each<Grant>(byAccount: ReadonlyMap<string, readonly Grant[]>, read: (account: AccountName, grant: Grant) => WriteGrant[]): WriteGrant[] {
  return [...byAccount].flatMap(([key, grants]) => {
    const [user = '', host = ''] = key.split('\0');
    return grants.flatMap((grant) => read({ user, host }, grant));
  });
}

function databaseWrites(account: AccountName, { database, privileges }: DatabaseGrant): WriteGrant[] {
  const writes = privileges.filter((name) => writePrivileges.has(name)).map((name) => ({ name }));
  return withdrawalOf(account, `${quoteIdentifier(database)}.*`, writes, database);
}

function objectWrites(account: AccountName, { kind, database, object, privileges }: ObjectGrant): WriteGrant[] {
  const name = `${quoteIdentifier(database)}.${quoteIdentifier(object)}`;
  const writes = privileges.filter((privilege) => writePrivileges.has(privilege.name));
  return withdrawalOf(account, kind === 'TABLE' ? name : `${kind} ${name}`, writes, undefined);
}

function withdrawalOf(account: AccountName, on: string, privileges: readonly { readonly name: string; readonly columns?: readonly string[] }[], pattern: string | undefined): WriteGrant[] {
  if (privileges.length === 0) return [];
  const revoke = `REVOKE ${privileges.map(privilegeText).join(', ')} ON ${on} FROM ${quoteAccount(account)}`;
  return [{ account, pattern, withdrawal: { account: describeAccount(account), revoke, grant: grantStatement({ on, privileges, grantOption: false }, account) } }];
}

async function namesMatching(source: Source, pattern: string, database: string): Promise<string[]> {
  const rows = await source.query<{ name: string }>(
    `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE ${textLiteral(pattern)} AND CAST(SCHEMA_NAME AS BINARY) <> CAST(${textLiteral(database)} AS BINARY) LIMIT 3`,
  );
  return rows.map(({ name }) => `\`${name}\``);
}
