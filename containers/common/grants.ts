/** What an account may do, from SHOW GRANTS. */
import type { Grant } from '../../core/server-check.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import type { MysqlSession } from './mysql-session.ts';

export interface Grants {
  readonly grants: readonly Grant[];
  readonly roles: readonly string[];
}

/**
 * Those of the account itself and, from MySQL 8.0 on, of its roles, whether they are active in this session or not: what an
 * Aurora administrator may do is in the role rds_superuser_role.
 */
export async function readGrants(session: MysqlSession): Promise<Grants> {
  const own = parseGrants(await showGrants(session, 'SHOW GRANTS'));
  if (own.roles.length === 0) return own;
  try {
    const all = parseGrants(await showGrants(session, `SHOW GRANTS FOR CURRENT_USER() USING ${own.roles.join(', ')}`));
    return { grants: all.grants, roles: own.roles };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return own;
  }
}

async function showGrants(session: MysqlSession, sql: string): Promise<string[]> {
  // One column, whose name holds the account.
  const rows = await session.query<Record<string, string>>(sql);
  return rows.flatMap((row) => Object.values(row));
}

const quoted = '`(?:[^`]|``)*`';
const onWhat = new RegExp(`^GRANT (.+?) ON (?:(?:TABLE|FUNCTION|PROCEDURE) )?((?:${quoted}|\\*)\\.(?:${quoted}|\\*)) TO `, 'is');
const account = new RegExp(`${quoted}@${quoted}`, 'g');

/** Source: MySQL Reference Manual, "SHOW GRANTS Statement". A REVOKE line (partial revokes) takes nothing from `*.*` here. */
export function parseGrants(lines: readonly string[]): Grants {
  const grants: Grant[] = [];
  const roles: string[] = [];
  for (const line of lines) {
    const granted = onWhat.exec(line);
    if (granted?.[1] !== undefined && granted[2] !== undefined) {
      const mayGrant = /\bWITH GRANT OPTION\b/i.test(line.slice(granted[0].length));
      grants.push({ privileges: privilegesOf(granted[1]), on: granted[2], ...(mayGrant ? { grantOption: true } : {}) });
    } else if (line.startsWith('GRANT `')) {
      // What is granted without ON are roles; the last account of such a line is the one that has them.
      roles.push(...Array.from(line.matchAll(account), ([role]) => role).slice(0, -1));
    }
  }
  return { grants, roles };
}

/** A list of columns in parentheses is left out. */
function privilegesOf(text: string): string[] {
  return text
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((privilege) => privilege.trim().toUpperCase())
    .filter((privilege) => privilege !== '');
}
