/** Compares one database of the target with its dump, or with the source as it is now. */
import type { Manifest, VerifiedObjects } from '../../core/contracts.ts';
import { firstDifferingKeys } from '../../core/digests/bisect.ts';
import { compareTables } from '../../core/digests/compare-tables.ts';
import type { ComparedTables, ExpectedTable, TableDifference } from '../../core/digests/compare-tables.ts';
import { addDigests, emptyDigest, hashedColumns, integerKey, readAs, readColumns, readDigests, splitByKey } from '../../core/digests/table-digests.ts';
import type { DigestTable, Query } from '../../core/digests/table-digests.ts';
import { countTypedValues } from '../../core/json-values/typed-values.ts';
import { markerTable } from '../../core/names.ts';
import { differencesFrom, differencesSince, readObjects } from '../../core/objects/compare-objects.ts';
import { differenceText } from '../../core/objects/structure.ts';
import { findMissing } from '../../core/privileges/find-missing.ts';
import { textLiteral } from '../../core/sql-text.ts';

/** `gone`: the target has no database of that name. */
export type Outcome = 'same' | 'differs' | 'gone' | 'unknown' | 'not-verified';

export interface Verified {
  readonly database: string;
  readonly outcome: Outcome;
  readonly comparedWith: 'manifest' | 'source' | 'nothing';
  readonly comparedBy: ComparedTables['comparedBy'] | null;
  readonly rows: number | null;
  /** `databaseDigest` of the target. */
  readonly digest: string | null;
  readonly differences: readonly { readonly table: string; readonly text: string; readonly column: string | null; readonly keys: readonly string[] }[];
  /** Definitions that were compared: tables, columns, indexes, views, …; null where no verification has left any to compare with. */
  readonly objects: number | null;
  readonly objectDifferences: readonly string[];
  /** Why nothing was compared. */
  readonly reason: string | null;
}

/** Keys of a differing table that are named. */
const namedKeys = 5;
/** Tables of a database whose keys are looked for. */
const bisectedTables = 5;
const rowsOfRange = 100_000;

export function notCompared(database: string, outcome: Outcome, reason: string): Verified {
  return { database, outcome, comparedWith: 'nothing', comparedBy: null, rows: null, digest: null, differences: [], objects: null, objectDifferences: [], reason };
}

/** What was dumped, and what its verification found on the target; either may be gone. */
export interface Kept {
  readonly manifest: Manifest | undefined;
  readonly objects: VerifiedObjects | undefined;
}

export async function compareWithManifest(target: Query, database: string, { manifest, objects }: Kept): Promise<Verified> {
  if (manifest === undefined) return notCompared(database, 'unknown', 'the manifest of its dump is gone from the bucket');
  if (manifest.tables === undefined) return notCompared(database, 'unknown', 'its dump was made by hand and lists no tables');
  const compared = await compareTables(target, database, manifest.tables, [markerTable]);
  const differences = compared.differences.map(({ table, text }) => ({ table, text, column: null, keys: [] }));
  const now = objects === undefined ? undefined : await readObjects(target, database);
  return describe(database, 'manifest', compared, differences, {
    objects: now === undefined ? null : Object.keys(now).length,
    objectDifferences: now === undefined || objects === undefined ? [] : differencesFrom(objects.structure, now).map((difference) => differenceText(difference, ['verified', 'now'])),
  });
}

export async function compareWithSource(target: Query, source: Query, database: string, kept: Kept): Promise<Verified> {
  const unseen = await findMissing(source, database, 'comparison');
  if (unseen !== undefined) return notCompared(database, 'unknown', `Ferry's account on the source does not see all of it: ${unseen}`);
  const compared = await compareTables(target, database, await readSource(source, database), [markerTable]);
  const differences: Verified['differences'][number][] = [];
  for (const [index, difference] of compared.differences.entries()) {
    const found = index < bisectedTables ? await findKeys(target, source, database, difference) : { column: null, keys: [] };
    differences.push({ table: difference.table, text: difference.text.replace('not in the dump', 'not on the source'), ...found });
  }
  return describe(database, 'source', compared, differences, await compareObjects(target, source, database, kept));
}

/** The conversions of an import are known by what was the same in spite of them. */
async function compareObjects(target: Query, source: Query, database: string, { manifest, objects }: Kept): Promise<ObjectsCompared> {
  if (manifest?.structure === undefined || objects === undefined) return { objects: null, objectDifferences: [] };
  const now = { source: await readObjects(source, database), target: await readObjects(target, database) };
  const differences = differencesSince({ source: manifest.structure, target: objects.structure }, now);
  return { objects: Object.keys(now.target).length, objectDifferences: differences.map((difference) => differenceText(difference)) };
}

type ObjectsCompared = Pick<Verified, 'objects' | 'objectDifferences'>;

function describe(
  database: string,
  comparedWith: Verified['comparedWith'],
  { comparedBy, rows, digest }: ComparedTables,
  differences: Verified['differences'],
  compared: ObjectsCompared,
): Verified {
  const isSame = differences.length === 0 && compared.objectDifferences.length === 0;
  return { database, outcome: isSame ? 'same' : 'differs', comparedWith, comparedBy, rows, digest: digest ?? null, differences, ...compared, reason: null };
}

/** What the source holds now, large tables by ranges. */
async function readSource(source: Query, database: string): Promise<ExpectedTable[]> {
  const tables = await source<{ name: string; n: string | number | null }>(
    `SELECT TABLE_NAME AS name, TABLE_ROWS AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE = 'BASE TABLE'`,
  );
  const sizes = new Map(tables.map(({ name, n }) => [name, Number(n ?? 0)]));
  const whole = await readColumns(source, database, [...sizes.keys()]);
  const parts: DigestTable[] = [];
  for (const table of whole) parts.push(...((sizes.get(table.name) ?? 0) > rowsOfRange ? await splitByKey(source, database, table, rowsOfRange) : [table]));
  const digests = await readDigests(source, database, parts);
  const jsonTypes = await readJsonTypes(source, database, whole);
  return whole.map((table) => {
    const { name } = table;
    const own = parts.flatMap((part, index) => (part.name === name ? [{ range: part.range, digest: digests[index] ?? emptyDigest }] : []));
    const digest = own.map((each) => each.digest).reduce(addDigests, emptyDigest);
    const ranges = own.flatMap((each) => (each.range === undefined ? [] : [{ ...each.digest, range: each.range }]));
    return { name, rows: digest.rows, digest, hashed: hashedColumns(table), ...(ranges.length === 0 ? {} : { ranges }), ...jsonTypes.get(name) };
  });
}

/** By table, as the manifest of a dump has them. */
async function readJsonTypes(source: Query, database: string, tables: readonly DigestTable[]): Promise<Map<string, Pick<ExpectedTable, 'jsonTypes'>>> {
  const typed = new Map<string, Pick<ExpectedTable, 'jsonTypes'>>();
  const withJson = tables.filter(({ columns }) => columns.some(({ dataType }) => dataType === 'json'));
  if (withJson.length === 0) return typed;
  const [server] = await source<{ version: string }>('SELECT VERSION() AS version');
  for (const { name, columns } of withJson) {
    const jsonTypes: Record<string, Readonly<Record<string, number>>> = {};
    for (const { name: column } of columns.filter(({ dataType }) => dataType === 'json')) {
      const counts = await countTypedValues(source, { database, table: name, column }, server?.version ?? '');
      if (Object.keys(counts).length > 0) jsonTypes[column] = counts;
    }
    typed.set(name, { jsonTypes });
  }
  return typed;
}

async function findKeys(target: Query, source: Query, database: string, { table, kind, ranges }: TableDifference): Promise<{ column: string | null; keys: string[] }> {
  if (kind === 'absent' || kind === 'unexpected') return { column: null, keys: [] };
  const [onSource] = await readColumns(source, database, [table]);
  const [onTarget] = await readColumns(target, database, [table]);
  const column = onSource === undefined ? undefined : await integerKey(source, database, onSource);
  // Other columns make every row differ: no key would say anything.
  if (onSource === undefined || onTarget === undefined || column === undefined || onSource.columns.length !== onTarget.columns.length) return { column: null, keys: [] };
  const sides = [{ query: source, table: onSource }, { query: target, table: readAs(onTarget, hashedColumns(onSource)) }] as const;
  const keys: string[] = [];
  for (const range of ranges.length === 0 ? [undefined] : ranges) {
    if (keys.length >= namedKeys) break;
    keys.push(...(await firstDifferingKeys(sides, database, column, range, namedKeys - keys.length)));
  }
  return { column, keys };
}
