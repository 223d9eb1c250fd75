/** The source's accounts and grants: one query for each grant table, however many accounts there are. */
import { FerryError } from '../errors.ts';
import { serverFailure } from '../mysql-failures.ts';
import type { ServerAccess } from '../server-access.ts';
import type { SourceAccounts } from './choose-accounts.ts';
import { accountKey, accountOfRow, grouped, readDatabaseGrants, readObjectGrants } from './grants.ts';
import { type Row, textOf } from './rows.ts';
import { type AccountName, accountQuery, readAccount } from './source-account.ts';

export interface ReadSource {
  readonly source: SourceAccounts;
  /** Whether names of databases differ by more than the case of their letters. */
  readonly ignoreCase: boolean;
}

/** Asks one connection to the source. */
export type Select = (sql: string) => Promise<Row[]>;

/** @throws FerryError AccountsUnreadable, SourceUnreachable */
export async function readSourceAccounts(access: ServerAccess, select: Select): Promise<ReadSource> {
  try {
    return await readAll(select);
  } catch (error) {
    const failure = serverFailure('source', access, error);
    if (failure.name !== 'SourcePrivilegeMissing') throw failure;
    throw new FerryError('AccountsUnreadable', `The source ${access.host}:${access.port} does not let ${access.username} read its accounts: ${failure.message}`, { cause: error });
  }
}

async function readAll(select: Select): Promise<ReadSource> {
  const [server = {}] = await select('SELECT CURRENT_USER() AS ferry, @@lower_case_table_names AS nameCase');
  const tables = new Set((await select('SHOW TABLES FROM mysql')).flatMap((row) => Object.values(row)));
  const all = (table: string): Promise<Row[]> => (tables.has(table) ? select(`SELECT * FROM mysql.${table}`) : Promise.resolve([]));
  const [partialRevokes] = await select("SHOW GLOBAL VARIABLES LIKE 'partial_revokes'");
  const locked = tables.has('global_priv') ? await select(lockedInMariaDb) : [];
  const lockedKeys = new Set(locked.map((row) => accountKey(accountOfRow(row))));
  const accounts = (await select(accountQuery)).map((row) => readAccount(row, lockedKeys.has(accountKey(accountOfRow(row)))));
  const source = {
    accounts,
    databaseGrants: readDatabaseGrants(await all('db')),
    objectGrants: readObjectGrants(await all('tables_priv'), await all('columns_priv'), await all('procs_priv')),
    dynamicPrivileges: grouped(await all('global_grants'), (row) => textOf(row, 'PRIV')),
    roles: new Map([...readMySqlRoles(await all('role_edges')), ...readMariaDbRoles(await all('roles_mapping'))]),
    proxied: grouped(await all('proxies_priv'), (row) => ({ user: textOf(row, 'Proxied_user'), host: textOf(row, 'Proxied_host') })),
    namesAreLiteral: textOf(partialRevokes ?? {}, 'Value') === 'ON',
    ferry: parseAccount(textOf(server, 'ferry')),
  };
  return { source, ignoreCase: textOf(server, 'nameCase') !== '0' };
}

/** Source: MariaDB Knowledge Base, "mysql.global_priv Table": what the view `mysql.user` does not show. */
const lockedInMariaDb = "SELECT User, Host FROM mysql.global_priv WHERE JSON_VALUE(Priv, '$.account_locked') IN ('1', 'true')";

function readMySqlRoles(rows: readonly Row[]): Map<string, AccountName[]> {
  return grouped(
    rows,
    (row) => ({ user: textOf(row, 'FROM_USER'), host: textOf(row, 'FROM_HOST') }),
    (row) => accountKey({ user: textOf(row, 'TO_USER'), host: textOf(row, 'TO_HOST') }),
  );
}

/** A role of MariaDB has no host. */
function readMariaDbRoles(rows: readonly Row[]): Map<string, AccountName[]> {
  return grouped(rows, (row) => ({ user: textOf(row, 'Role'), host: '' }));
}

/** `user@host`, as CURRENT_USER() writes it: without quotes, and only the user may hold an `@`. */
export function parseAccount(text: string): AccountName {
  const at = text.lastIndexOf('@');
  return { user: text.slice(0, at), host: text.slice(at + 1) };
}
