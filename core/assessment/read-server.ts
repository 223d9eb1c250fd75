/** Reads what the checks need of a server as a whole: a handful of queries, none of which looks at a user's table. */
import { errnoOf } from '../mysql-failures.ts';
import type { AccountFacts, Query, ServerFacts } from './facts.ts';
import { isMySqlAtLeast } from '../mysql-versions.ts';
import { readPrepared } from './read-prepared.ts';

/** Privileges that no account of Amazon Aurora has. Source: Amazon Aurora User Guide, "Master user account privileges". */
const serverPrivileges: Readonly<Record<string, string>> = {
  Super_priv: 'SUPER',
  File_priv: 'FILE',
  Shutdown_priv: 'SHUTDOWN',
  Create_tablespace_priv: 'CREATE TABLESPACE',
};

const hashingPlugins = new Set(['', 'mysql_native_password', 'mysql_old_password']);

const statusNames = ['Threads_running', 'Performance_schema_file_instances_lost', 'Performance_schema_table_instances_lost', 'Open_files', 'Uptime'];
const [noSuchTable, tableDenied, columnDenied, databaseDenied, privilegeDenied] = [1146, 1142, 1143, 1044, 1227];

/** @throws what the server answers, unless it is that the account may not read one of the server's own tables */
export async function readServer(query: Query): Promise<ServerFacts> {
  const variables = pairs(await query('SHOW GLOBAL VARIABLES'));
  const [server] = await query<{ version: string }>('SELECT VERSION() AS version');
  const version = server?.version ?? '';
  const [zone] = await query<{ known: number | string }>("SELECT CONVERT_TZ('2001-01-01 00:00:00', 'UTC', 'Europe/London') IS NOT NULL AS known");
  const databases = await query<Record<string, string>>('SHOW DATABASES');
  const grants = await query<Record<string, string>>('SHOW GRANTS');
  const plugins = await query<{ name: string }>("SELECT PLUGIN_NAME AS name FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'AUTHENTICATION' AND PLUGIN_STATUS = 'ACTIVE'");
  const functions = await permitted(() => query<{ name: string }>('SELECT name FROM mysql.func'));
  return {
    version,
    variables,
    status: pairs(await query(`SHOW GLOBAL STATUS WHERE Variable_name IN (${statusNames.map((name) => `'${name}'`).join(', ')})`)),
    grants: grants.map((row) => withoutIdentity(Object.values(row)[0] ?? '')),
    databases: new Set(databases.map((row) => Object.values(row)[0] ?? '')),
    accounts: await permitted(() => readAccounts(query)),
    timeZones: Number(zone?.known ?? 0) === 1,
    authentication: new Set(plugins.map(({ name }) => name.toLowerCase())),
    reservedWords: new Set(await readReservedWords(query, version)),
    loadableFunctions: (functions ?? []).map(({ name }) => name),
    preparedTransactions: await permitted(() => readPrepared(query)),
  };
}

function pairs(rows: readonly { Variable_name: string; Value: string }[]): Map<string, string> {
  return new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
}

/** A server before 5.7 shows a password's hash in a grant. */
function withoutIdentity(grant: string): string {
  return grant.replace(/ IDENTIFIED (?:BY|VIA|WITH)\b.*$/is, '');
}

/** Never the hashes themselves: the server is asked what they look like. */
async function readAccounts(query: Query): Promise<AccountFacts[]> {
  const columns = new Set((await query<{ Field: string }>('SHOW COLUMNS FROM mysql.user')).map(({ Field }) => Field));
  const hash = ['Password', 'authentication_string'].filter((name) => columns.has(name)).map((name) => `LENGTH(${name}) = 16 AND ${name} NOT LIKE '*%'`);
  const held = Object.keys(serverPrivileges).filter((name) => columns.has(name));
  const rows = await query<Record<string, string | number>>(
    `SELECT CONCAT(User, '@', Host) AS account, ${columns.has('plugin') ? "COALESCE(plugin, '')" : "''"} AS plugin, ${hash.length === 0 ? '0' : `COALESCE((${hash.join(') OR (')}), 0)`} AS oldHash${held.map((name) => `, ${name}`).join('')} FROM mysql.user ORDER BY 1`,
  );
  return rows.map((row) => ({
    account: String(row['account']),
    plugin: String(row['plugin']).toLowerCase(),
    // Other plugins keep something else than a hash in these columns.
    oldHash: Number(row['oldHash']) === 1 && hashingPlugins.has(String(row['plugin']).toLowerCase()),
    serverPrivileges: held.filter((name) => row[name] === 'Y').map((name) => serverPrivileges[name] ?? name),
  }));
}

async function readReservedWords(query: Query, version: string): Promise<string[]> {
  if (!isMySqlAtLeast(version, 8)) return [];
  const rows = await query<{ word: string }>('SELECT WORD AS word FROM information_schema.KEYWORDS WHERE RESERVED = 1');
  return rows.map(({ word }) => word.toUpperCase());
}

/** Undefined where the account may not look, or there is nothing to look at. */
async function permitted<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if ([noSuchTable, tableDenied, columnDenied, databaseDenied, privilegeDenied].includes(errnoOf(error) ?? 0)) return undefined;
    throw error;
  }
}
