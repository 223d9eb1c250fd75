/** Looks at a MySQL server: its settings, what the account may do there, and how much it holds. Nothing is changed. */
import { errnoOf } from '../../core/mysql-failures.ts';
import type { ServerRole } from '../../core/mysql-failures.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { checkedStatus, checkedVariables } from '../../core/server-check.ts';
import type { ServerFacts } from '../../core/server-check.ts';
import { readGrants } from './grants.ts';
import { MysqlSession } from './mysql-session.ts';

/** 1.5 million tables are counted in some 20 seconds; a server that takes longer is not to be burdened with it. */
const countMilliseconds = 60_000;

/** @throws what mysql2 throws; AbortError */
export async function readServerFacts(access: ServerAccess, signal: AbortSignal, role: ServerRole): Promise<ServerFacts> {
  const startedAt = performance.now();
  const session = await MysqlSession.open(access, { signal });
  const secondsToConnect = Math.round(performance.now() - startedAt) / 1000;
  try {
    const [server] = await session.query<{ version: string; account: string }>('SELECT VERSION() AS version, CURRENT_USER() AS account');
    const variables = await readNamed(session, 'SHOW GLOBAL VARIABLES', checkedVariables);
    const status = await readNamed(session, 'SHOW GLOBAL STATUS', checkedStatus);
    const { Ssl_version: tls = '' } = await readNamed(session, 'SHOW SESSION STATUS', ['Ssl_version'] as const);
    const grants = await readGrants(session, role === 'target');
    return {
      account: server?.account ?? '',
      version: server?.version ?? '',
      variables,
      status,
      ...grants,
      tls,
      tlsMode: access.tls,
      ...(await countTables(access, signal)),
      secondsToConnect,
    };
  } finally {
    await session.close();
  }
}

/** Every name that the server knows; those that it does not are left out. */
async function readNamed<Name extends string>(session: MysqlSession, show: string, names: readonly Name[]): Promise<Partial<Record<Name, string>>> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const rows = await session.query<{ Variable_name: string; Value: string | null }>(`${show} WHERE Variable_name IN (${list})`);
  const values: Partial<Record<Name, string>> = {};
  for (const row of rows) {
    const name = names.find((each) => each.toLowerCase() === row.Variable_name.toLowerCase());
    if (name !== undefined) values[name] = row.Value ?? '';
  }
  return values;
}

/** On a connection of its own, which is cut when it takes too long. Names alone: a server opens no table for them. */
async function countTables(access: ServerAccess, signal: AbortSignal): Promise<Pick<ServerFacts, 'databases' | 'tables'>> {
  const limit = AbortSignal.timeout(countMilliseconds);
  const session = await MysqlSession.open(access, { signal: AbortSignal.any([signal, limit]) });
  try {
    const others = "('mysql', 'information_schema', 'performance_schema', 'sys', 'ndbinfo')";
    const [databases] = await session.query<{ n: string | number }>(`SELECT COUNT(*) AS n FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ${others}`);
    const [tables] = await session.query<{ n: string | number }>(`SELECT COUNT(TABLE_NAME) AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ${others}`);
    return { databases: Number(databases?.n), tables: Number(tables?.n) };
  } catch (error) {
    if (signal.aborted || (!limit.aborted && errnoOf(error) === undefined)) throw error;
    return { databases: null, tables: null };
  } finally {
    await session.close();
  }
}
