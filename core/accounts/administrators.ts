/**
 * Which accounts administer the server, and not only databases of it: what they may do on one server says nothing
 * about another.
 */
import type { SourceAccounts } from './choose-accounts.ts';
import { accountKey } from './grants.ts';
import { NameIndex, unescapeName } from './name-patterns.ts';
import type { SourceAccount } from './source-account.ts';

/** Whatever its grants have become. Accounts of the server and of services are not even looked at. */
const administrators = /^root$/i;

/**
 * With each of them an account can become any other, stop the server, or change it for all. Source: MySQL Reference
 * Manual, "Privileges Provided by MySQL".
 */
const administrative: ReadonlySet<string> = new Set([
  'SUPER', 'CREATE USER', 'SHUTDOWN', 'CREATE ROLE', 'DROP ROLE',
  'SYSTEM_USER', 'ROLE_ADMIN', 'SYSTEM_VARIABLES_ADMIN', 'PERSIST_RO_VARIABLES_ADMIN', 'SET_USER_ID', 'SET_ANY_DEFINER', 'CONNECTION_ADMIN', 'BINLOG_ADMIN', 'REPLICATION_SLAVE_ADMIN',
  'GROUP_REPLICATION_ADMIN', 'CLONE_ADMIN', 'SERVICE_CONNECTION_ADMIN', 'ENCRYPTION_KEY_ADMIN', 'INNODB_REDO_LOG_ENABLE',
]);
const writing: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER']);

const grantTables = new NameIndex(['mysql']);

export function administers(source: SourceAccounts, account: SourceAccount): boolean {
  const { privileges, grantOption } = account.global;
  const dynamic = source.dynamicPrivileges.get(accountKey(account)) ?? [];
  return administrators.test(account.user) || grantOption || [...privileges, ...dynamic].some((name) => administrative.has(name)) || writesGrantTables(source, account);
}

/** By the schema `mysql`, where accounts are rows. */
function writesGrantTables(
  { databaseGrants, objectGrants, namesAreLiteral }: SourceAccounts,
  account: SourceAccount,
): boolean {
  const key = accountKey(account);
  const isOfServer = (pattern: string): boolean => (namesAreLiteral ? pattern === 'mysql' : grantTables.matching(pattern).length > 0 || unescapeName(pattern) === 'mysql');
  const writes = (privileges: readonly string[]): boolean => privileges.some((name) => writing.has(name));
  return (
    (databaseGrants.get(key) ?? []).some(({ database, privileges }) => isOfServer(database) && writes(privileges)) ||
    (objectGrants.get(key) ?? []).some(({ database, privileges }) => database === 'mysql' && writes(privileges.map(({ name }) => name)))
  );
}
