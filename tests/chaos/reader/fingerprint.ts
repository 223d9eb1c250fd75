/** What a database is, object by object, so that one which nobody may touch can be told to be untouched, and what was changed in it. */
import { quoteIdentifier } from '../../../core/names.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { DatabaseReader } from '../../../local/fleet/reader.ts';

export type Fingerprint = ReadonlyMap<string, string>;

export async function fingerprint(access: ServerAccess, database: string): Promise<Fingerprint> {
  const reader = new DatabaseReader(access);
  try {
    await reader.prepare();
    const objects = new Map<string, string>();
    const tables = await reader.rows('SELECT table_name, table_type, engine, create_time FROM information_schema.tables WHERE table_schema = ?', [database]);
    for (const { table_name: name, table_type: type, engine, create_time: made } of tables) {
      const [created] = await reader.rows(`SHOW CREATE TABLE ${quoteIdentifier(database)}.${quoteIdentifier(name ?? '')}`);
      const content = type === 'BASE TABLE' ? await reader.content(database, name ?? '') : undefined;
      objects.set(`table ${name ?? ''}`, JSON.stringify([withoutCounter(created), type === 'VIEW' || engine === 'MEMORY' ? null : made, content]));
    }
    for (const [kind, sql] of stored(database)) objects.set(kind, JSON.stringify(await reader.rows(sql)));
    return objects;
  } finally {
    reader.close();
  }
}

/** Names of what differs. */
export function changesBetween(before: Fingerprint, after: Fingerprint): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? 'absent'} is now ${after.get(name) ?? 'absent'}`);
}

/** MySQL before 8.0 counts anew from the rows after a restart. */
function withoutCounter(created: unknown): string {
  return JSON.stringify(created).replace(/ AUTO_INCREMENT=\d+/, '');
}

function stored(database: string): [string, string][] {
  const quoted = quoteIdentifier(database);
  const schema = `'${database.replaceAll("'", "''")}'`;
  return [
    ['database', `SHOW CREATE DATABASE ${quoted}`],
    ['triggers', `SHOW TRIGGERS FROM ${quoted}`],
    ['events', `SHOW EVENTS FROM ${quoted}`],
    ['routines', `SELECT routine_type, routine_name, routine_definition, definer, created FROM information_schema.routines WHERE BINARY routine_schema = ${schema} ORDER BY 1, 2`],
  ];
}
