/** Accounts that stored objects run as, and which of them a server lacks. */
import type { Query } from '../digests/table-digests.ts';
import { errnoOf } from '../mysql-failures.ts';
import { textLiteral } from '../sql-text.ts';
import type { StoredObject } from './stored-object.ts';

/** The account may not read mysql.user. */
const denied = new Set([1044, 1142, 1143]);

/** Whoever uses an object of SQL SECURITY INVOKER needs no definer. */
export function runsAs({ definer, runsAsInvoker }: StoredObject): string | undefined {
  return definer === '' || runsAsInvoker ? undefined : definer;
}

/** @returns `user@host`, as the objects have them; undefined where the account may not look */
export async function readMissingDefiners(
  query: Query,
  objects: readonly StoredObject[],
): Promise<ReadonlySet<string> | undefined> {
  const definers = new Set(objects.flatMap((object) => runsAs(object) ?? []));
  if (definers.size === 0) return new Set();
  const users = [...new Set([...definers].map((definer) => textLiteral(partsOf(definer).user)))];
  try {
    const found = await query<{ user: string; host: string }>(
      `SELECT User AS user, Host AS host FROM mysql.user WHERE User IN (${users.join(', ')})`,
    );
    const known = new Set(found.map(keyOf));
    return new Set([...definers].filter((definer) => !known.has(keyOf(partsOf(definer)))));
  } catch (error) {
    if (denied.has(errnoOf(error) ?? 0)) return undefined;
    throw error;
  }
}

/** The last @ parts them: a host has none. */
function partsOf(definer: string): { user: string; host: string } {
  const at = definer.lastIndexOf('@');
  return { user: definer.slice(0, at), host: definer.slice(at + 1) };
}

/** User names differ by case, host names do not. A pattern such as 10.1.% is an account of that very name. */
function keyOf({ user, host }: { readonly user: string; readonly host: string }): string {
  return `${user}@${host.toLowerCase()}`;
}
