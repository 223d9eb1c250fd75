/** Which databases the target has when a certificate is issued, and how many tables: one query for all of them. */
import type { Found } from '../../core/looks/looks.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import { markerTable } from '../../core/names.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { openSession } from '../server-session.ts';

/** Says what became of a database that had so many tables when it was verified. */
export type TargetNow = (database: string, tables: number) => Found;

const query = `SELECT s.SCHEMA_NAME AS name, COUNT(t.TABLE_NAME) AS n FROM information_schema.SCHEMATA s
  LEFT JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = s.SCHEMA_NAME AND t.TABLE_TYPE = 'BASE TABLE' AND t.TABLE_NAME <> '${markerTable}'
  GROUP BY s.SCHEMA_NAME`;

/** @throws FerryError TargetUnreachable, TargetAccessDenied */
export async function lookAtTarget(access: ServerAccess): Promise<TargetNow> {
  const session = await openSession('target', access);
  try {
    const rows = await session.query<{ name: string; n: number | string }>(query);
    const tables = new Map(rows.map(({ name, n }) => [name, Number(n)]));
    return (database, before) => describe(database, before, tables.get(database));
  } catch (error) {
    throw serverFailure('target', access, error);
  } finally {
    await session.close();
  }
}

function describe(database: string, before: number, now: number | undefined): Found {
  if (now === undefined) return { database, outcome: 'gone', detail: 'the target has no database of that name' };
  if (now !== before) {
    return { database, outcome: 'differs', detail: `the target has ${now} tables, of ${before} that were verified` };
  }
  return { database, outcome: 'there', detail: `its ${now} tables are there; their rows were not compared again` };
}
