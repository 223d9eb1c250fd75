/** What an account may do, from SHOW GRANTS. */
import { errnoOf } from '../../core/mysql-failures.ts';
import { parseGrants } from '../../core/privileges/parse-grants.ts';
import type { GrantLine } from '../../core/privileges/parse-grants.ts';
import type { Grant, ServerFacts } from '../../core/server-check.ts';
import type { MysqlSession } from './mysql-session.ts';

export type Grants = Pick<ServerFacts, 'grants' | 'revokes' | 'roles'>;

/**
 * Those that hold in a session: of the account itself and of its active roles.
 * @param withInactiveRoles also those of roles that are not active: an Aurora cluster activates all of them at a login
 * by its parameter group
 */
export async function readGrants(session: MysqlSession, withInactiveRoles: boolean): Promise<Grants> {
  const own = grantsIn(await showGrants(session, 'SHOW GRANTS'));
  if (own.roles.length === 0 || !withInactiveRoles) return own;
  try {
    const all = grantsIn(await showGrants(session, `SHOW GRANTS FOR CURRENT_USER() USING ${own.roles.join(', ')}`));
    return { ...all, roles: own.roles };
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

/** As reports keep them: without columns, whose privileges are those of no table. */
export function grantsIn(lines: readonly string[]): Grants {
  const { grants, revokes, roles } = parseGrants(lines);
  return { grants: grants.map(grantOf), ...(revokes.length === 0 ? {} : { revokes: revokes.map(grantOf) }), roles: [...roles] };
}

function grantOf({ privileges, on, grantOption }: GrantLine): Grant {
  const whole = privileges.filter(({ columns }) => columns === undefined);
  return { privileges: whole.map(({ name }) => name), on, ...(grantOption ? { grantOption } : {}) };
}
