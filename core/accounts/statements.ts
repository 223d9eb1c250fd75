/** CREATE USER and GRANT for the target, MySQL 8.0.21 or later, in a session whose sql_mode is empty. */
import { quoteIdentifier } from '../names.ts';
import type { ChosenAccount, ReachingGrant } from './choose-accounts.ts';
import type { ObjectGrant, Privilege } from './grants.ts';
import { escapeName, specificityOf } from './name-patterns.ts';
import { oldPasswordPlugin } from './source-account.ts';
import type { AccountName, SourceAccount } from './source-account.ts';
import type { PasswordHash } from './password-hash.ts';
import type { LockReason } from './report.ts';

/** How the account is made: with the hash of the source, or so that nobody can log in until an administrator acts. */
export type Authentication =
  | { readonly hash: PasswordHash; readonly plugin: string; readonly locked: boolean }
  | { readonly hash?: never; readonly reason: LockReason };

/** The target's authentication plugins decide what can be carried. */
export function authenticationOf({ plugin, hash, locked }: SourceAccount, targetPlugins: ReadonlySet<string>): Authentication {
  if (plugin === oldPasswordPlugin) return { reason: 'old-password' };
  if (hash === undefined && passwordPlugins.has(plugin)) return { reason: locked ? 'locked-on-source' : 'empty-password' };
  if (hash === undefined || !targetPlugins.has(plugin)) return { reason: 'plugin' };
  return { hash, plugin, locked };
}

const passwordPlugins = new Set(['mysql_native_password', 'sha256_password', 'caching_sha2_password', 'ed25519', 'parsec']);

/**
 * The mark in ATTRIBUTE proves in the target itself that this migration made the account.
 * The random password of a locked account is the server's own; what it answers is not read.
 */
export function createUser(account: SourceAccount, authentication: Authentication, migration: string): string {
  const locked = authentication.hash === undefined || authentication.locked;
  return [
    `CREATE USER ${quoteAccount(account)}`,
    identifiedBy(authentication),
    ...requirementsOf(account),
    ...limitsOf(account),
    ...(account.passwordExpired && authentication.hash !== undefined ? ['PASSWORD EXPIRE'] : []),
    ...(locked ? ['ACCOUNT LOCK'] : []),
    `ATTRIBUTE ${quoteText(JSON.stringify({ aurora_ferry: { migration } }))}`,
  ].join(' ');
}

/** The clause that carries a password. */
export function identifiedBy(authentication: Authentication): string {
  if (authentication.hash === undefined) return 'IDENTIFIED BY RANDOM PASSWORD';
  return `IDENTIFIED WITH ${quoteText(authentication.plugin)} AS ${authentication.hash.sqlLiteral()}`;
}

function requirementsOf({ tls: { type, cipher, issuer, subject } }: SourceAccount): string[] {
  if (type === 'NONE') return [];
  if (type !== 'SPECIFIED') return [`REQUIRE ${type}`];
  const options = Object.entries({ CIPHER: cipher, ISSUER: issuer, SUBJECT: subject }).filter(([, value]) => value !== '');
  return [`REQUIRE ${options.map(([name, value]) => `${name} ${quoteText(value)}`).join(' AND ')}`];
}

function limitsOf({ limits }: SourceAccount): string[] {
  const set = Object.entries({
    MAX_QUERIES_PER_HOUR: limits.queriesPerHour,
    MAX_UPDATES_PER_HOUR: limits.updatesPerHour,
    MAX_CONNECTIONS_PER_HOUR: limits.connectionsPerHour,
    MAX_USER_CONNECTIONS: limits.connections,
  }).filter(([, limit]) => limit > 0);
  return set.length === 0 ? [] : [`WITH ${set.map(([name, limit]) => `${name} ${limit}`).join(' ')}`];
}

/** One GRANT to be: all its privileges at once, or one by one. */
export interface GrantPlan {
  /** For the report: `*.*`, `` `shop`.* ``, `` PROCEDURE `shop`.`pay` ``. */
  readonly on: string;
  readonly privileges: readonly Privilege[];
  readonly grantOption: boolean;
}

export function planGlobal({ privileges, grantOption }: { readonly privileges: readonly string[]; readonly grantOption: boolean }): GrantPlan {
  return { on: '*.*', privileges: privileges.map((name) => ({ name })), grantOption };
}

/**
 * Where the target takes names literally, a pattern becomes one grant for each moved database that it reaches, and to which
 * no more specific grant of the account applies.
 */
export function planDatabases(grants: readonly ReachingGrant[], sourceIsLiteral: boolean, targetIsLiteral: boolean): GrantPlan[] {
  const applied = new Map<string, number>();
  for (const { reaches, database, isWildcard } of grants) {
    const specificity = isWildcard ? specificityOf(database) : Infinity;
    for (const name of reaches) applied.set(name, Math.max(applied.get(name) ?? 0, specificity));
  }
  return grants.flatMap(({ database, reaches, isWildcard, privileges, grantOption }) => {
    const specificity = isWildcard ? specificityOf(database) : Infinity;
    const asWritten = sourceIsLiteral ? escapeName(database) : database;
    const names = targetIsLiteral ? reaches.filter((name) => applied.get(name) === specificity) : [asWritten];
    return names.map((name) => ({ on: `${quoteIdentifier(name)}.*`, privileges: privileges.map((each) => ({ name: each })), grantOption }));
  });
}

/** Its global and database grants. */
export function planAccount({ global, databases }: Pick<ChosenAccount, 'global' | 'databases'>, sourceIsLiteral: boolean, targetIsLiteral: boolean): GrantPlan[] {
  return [...(global === undefined ? [] : [planGlobal(global)]), ...planDatabases(databases, sourceIsLiteral, targetIsLiteral)];
}

export function planObject({ kind, database, object, privileges, grantOption }: ObjectGrant): GrantPlan {
  const name = `${quoteIdentifier(database)}.${quoteIdentifier(object)}`;
  return { on: kind === 'TABLE' ? name : `${kind} ${name}`, privileges, grantOption };
}

/** An account that has nothing but the right to pass on what it gets elsewhere holds USAGE. */
export function grantStatement({ on, privileges, grantOption }: GrantPlan, account: AccountName): string {
  const list = privileges.length === 0 ? 'USAGE' : privileges.map(privilegeText).join(', ');
  return `GRANT ${list} ON ${on} TO ${quoteAccount(account)}${grantOption ? ' WITH GRANT OPTION' : ''}`;
}

export function privilegeText({ name, columns }: Privilege): string {
  return columns === undefined ? name : `${name} (${columns.map(quoteIdentifier).join(', ')})`;
}

export function quoteAccount({ user, host }: AccountName): string {
  return `${quoteText(user)}@${quoteText(host)}`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
