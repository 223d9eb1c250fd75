/**
 * Whether two texts of a definition mean the same. Versions write the same in different ways (`isnull(a)`, `(a is
 * null)`): what decides is what the target writes when it is given the source's text. It is given it in a scratch
 * table or view, made inside the database while that carries the marker, and dropped at once; what a killed task
 * leaves goes with the marker.
 */
import { errnoOf } from '../../core/mysql-failures.ts';
import { quoteIdentifier, scratchTable, scratchView } from '../../core/names.ts';
import { canonicalView } from '../../core/objects/canonical.ts';
import { readTableParts } from '../../core/objects/read-tables.ts';
import { SchemaReader } from '../../core/objects/schema-reader.ts';
import { ownerAttribute } from '../../core/objects/structure.ts';
import type { ObjectDifference, StructureObject } from '../../core/objects/structure.ts';
import { textLiteral } from '../../core/sql-text.ts';
import { BatchError, bytesAsText } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { canBeAsked, kindOf, scratchTableOf } from './scratch-table.ts';
import type { Sides } from './scratch-table.ts';

/** As the import's session has it, in which the dump's statements were run. */
const importSession = ['SET NAMES utf8mb4', "SET SESSION sql_mode = ''"] as const;

const dropScratchTable = `DROP TABLE IF EXISTS ${quoteIdentifier(scratchTable)}`;

interface Asking {
  /** Takes bytes, and uses the database. */
  readonly session: MysqlSession;
  readonly database: string;
  /** Of the target. */
  readonly version: string;
  /** `table orders`. */
  readonly table: string;
  readonly sides: Sides;
}

/** @returns those of the differences whose two texts do not mean the same */
export async function differencesInMeaning(session: MysqlSession, database: string, sides: Sides, differences: readonly ObjectDifference[]): Promise<ObjectDifference[]> {
  const views = differences.filter(isOfView);
  const parts = differences.filter(canBeAsked);
  if (views.length + parts.length === 0) return [...differences];
  await session.execute(`USE ${quoteIdentifier(database)}`);
  for (const sql of importSession) await session.execute(sql);
  const [server] = await session.query<{ version: string }>('SELECT VERSION() AS version');
  const same = new Set<ObjectDifference>();
  for (const difference of views) if (await isSameView(session, database, difference, sides.expected[difference.object] ?? {})) same.add(difference);
  for (const [table, ofTable] of byTable(parts, sides)) {
    const asking = { session, database, version: server?.version ?? '', table, sides };
    for (const difference of await sameOfTable(asking, ofTable)) same.add(difference);
  }
  return differences.filter((difference) => !same.has(difference));
}

function isOfView({ object, attribute, source, target }: ObjectDifference): boolean {
  return kindOf(object) === 'view' && attribute === 'definition' && source !== undefined && target !== undefined;
}

function byTable(differences: readonly ObjectDifference[], { expected }: Sides): Map<string, ObjectDifference[]> {
  return Map.groupBy(differences, ({ object }) => expected[object]?.[ownerAttribute] ?? '');
}

/** All at once; where the target refuses that, one after the other, so that it is known which it refuses. */
async function sameOfTable(asking: Asking, differences: readonly ObjectDifference[]): Promise<readonly ObjectDifference[]> {
  const same = await askTarget(asking, differences);
  if (same !== undefined) return same;
  const alone = [...Map.groupBy(differences, ({ object }) => (kindOf(object) === 'partition' ? 'partition' : object)).values()];
  if (alone.length === 1) return [];
  const found: ObjectDifference[] = [];
  for (const unit of alone) found.push(...((await askTarget(asking, unit)) ?? []));
  return found;
}

/** @returns undefined where the target refuses the source's texts */
async function askTarget(asking: Asking, differences: readonly ObjectDifference[]): Promise<ObjectDifference[] | undefined> {
  const { session, database, version, table, sides } = asking;
  const { sql, nameOf } = scratchTableOf(table, sides, differences);
  try {
    await session.executeAll([dropScratchTable, sql].map(bytesAsText));
    const query = <Row>(statement: string): Promise<Row[]> => session.query<Row>(statement);
    const made = await readTableParts(new SchemaReader(query, database, { version, table: scratchTable }), new Set());
    return differences.filter((difference) => made[nameOf(difference)]?.[difference.attribute ?? ''] === difference.target);
  } catch (error) {
    // A text that this server does not take is not the target's.
    const cause = error instanceof BatchError ? error.cause : error;
    if (errnoOf(cause) === undefined) throw cause;
    return undefined;
  } finally {
    await session.execute(dropScratchTable).catch(() => undefined);
  }
}

/** In the character set of the connection that made the view: what its literals are depends on it. */
async function isSameView(session: MysqlSession, database: string, { source = '', target }: ObjectDifference, { connection }: StructureObject): Promise<boolean> {
  const scratch = `${quoteIdentifier(database)}.${quoteIdentifier(scratchView)}`;
  try {
    if (connection !== undefined) await session.execute(`SET SESSION collation_connection = ${textLiteral(connection.replace(/^utf8mb3_/, 'utf8_'))}`);
    await session.execute(`CREATE OR REPLACE SQL SECURITY INVOKER VIEW ${scratch} AS ${source}`);
    const [row] = await session.query<{ definition: string }>(
      `SELECT VIEW_DEFINITION AS definition FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_NAME = '${scratchView}'`,
    );
    return row !== undefined && canonicalView(row.definition, database) === target;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  } finally {
    await session.execute(`DROP VIEW IF EXISTS ${scratch}`).catch(() => undefined);
    await session.execute(importSession[0]).catch(() => undefined);
  }
}
