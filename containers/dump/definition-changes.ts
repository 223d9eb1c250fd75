/** Who changes, or waits to change, the definitions of tables: as far as the account may see others' sessions (PROCESS). */
import type { MysqlSession } from '../common/mysql-session.ts';

const shownSessions = 3;
const shownTables = 5;
/** What needs no exclusive lock, and only waits behind what does. */
const plainStatements = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'WITH', 'SHOW', 'CALL']);
/** mysqldump's own. */
const readLock = /^LOCK TABLES .* READ \/\*!32311 LOCAL \*\//s;

interface WaitingSession {
  readonly id: number | string;
  readonly user: string;
  readonly statement: string;
}

/**
 * Never a value of a statement: its first words, and those of the given tables that it names.
 * @returns `: session 17 of app (ALTER TABLE, which names `orders`)`, or the tables where nothing more can be seen
 */
export async function describeDefinitionChanges(session: MysqlSession, tables: readonly string[]): Promise<string> {
  const rows = await session
    .query<WaitingSession>(
      `SELECT ID AS id, USER AS user, INFO AS statement FROM information_schema.PROCESSLIST
       WHERE ID <> CONNECTION_ID() AND COMMAND = 'Query' AND INFO IS NOT NULL
       AND (STATE LIKE 'Waiting for table%' OR STATE LIKE 'Waiting for % lock' OR INFO LIKE 'ALTER%' OR INFO LIKE 'OPTIMIZE%')
       ORDER BY TIME DESC LIMIT 100`,
    )
    .catch(() => []);
  const changes = rows.flatMap((row) => {
    const verb = verbOf(row.statement);
    const named = tables.filter((name) => row.statement.includes(name));
    return plainStatements.has(verb.split(' ')[0] ?? '') || readLock.test(row.statement) ? [] : { ...row, verb, named };
  });
  // Another database's changes are seen too.
  const own = changes.filter(({ named }) => named.length > 0);
  const described = (own.length > 0 ? own : changes).slice(0, shownSessions).map(({ id, user, verb, named }) => {
    const which = named.length === 0 ? '' : `, which names ${listed(named)}`;
    return `session ${id} of ${user} (${verb}${which})`;
  });
  return described.length > 0 ? `: ${described.join('; ')}` : ` (one of ${listed(tables)})`;
}

/** The first two words, without a comment before them. */
function verbOf(statement: string): string {
  const words = /^(?:\s|\/\*.*?\*\/)*([a-z]+(?:\s+[a-z]+)?)/is.exec(statement)?.[1] ?? '';
  return words.toUpperCase().replaceAll(/\s+/g, ' ');
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, shownTables).map((name) => `\`${name}\``);
  return `${shown.join(', ')}${names.length > shownTables ? ' …' : ''}`;
}
