/**
 * Whether a database has changed on the source since its dump, by the cheapest proof there is. An answer holds for the moment
 * at which the source was read: nothing is locked.
 */
import type { DumpedTable, Manifest } from '../../core/contracts.ts';
import { addDigests, emptyDigest, readAs, readColumns, readDigests, sameDigest } from '../../core/digests/table-digests.ts';
import type { DigestTable, Query } from '../../core/digests/table-digests.ts';
import { readObjects } from '../../core/objects/compare-objects.ts';
import { compareStructures, differenceText } from '../../core/objects/structure.ts';
import type { ObjectDifference, Structure } from '../../core/objects/structure.ts';
import { findMissing } from '../../core/privileges/find-missing.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { BinlogState } from './binlog.ts';
import { isAtDump } from './binlog.ts';

export type Verdict = 'unchanged' | 'changed' | 'unknown' | 'gone';

/** What an answer rests on. */
export type Proof =
  /** The server wrote nothing to its binary log since before the dump. */
  | 'binlog'
  /** Every table is MyISAM, and was last written to when it was before the dump. */
  | 'update-times'
  /** Rows, sum and xor of the tables' digests; of MyISAM tables that were not written to, their times. */
  | 'digests'
  /** An object is defined otherwise, or came or went. */
  | 'definitions'
  /** Tables are there that were not, or the reverse. */
  | 'tables'
  | 'none';

export interface Answer {
  readonly database: string;
  readonly verdict: Verdict;
  readonly proof: Proof;
  readonly detail: string;
}

export interface Dumped {
  readonly database: string;
  /** Undefined when there is no dump to compare with. */
  readonly manifest: Manifest | undefined;
  /** Why there is none. */
  readonly missing: string;
}

const namedTables = 5;

/** @throws what the server answers */
export async function examine(query: Query, { database, manifest, missing }: Dumped, binlog: BinlogState | undefined): Promise<Answer> {
  const answer = (verdict: Verdict, proof: Proof, detail: string): Answer => ({ database, verdict, proof, detail });
  if (manifest === undefined) return answer('unknown', 'none', missing);
  if (isAtDump(binlog, manifest)) return answer('unchanged', 'binlog', `at ${manifest.binlog?.file ?? ''}:${manifest.binlog?.position ?? 0} as before its dump`);
  const unseen = await findMissing(query, database, 'comparison');
  if (unseen !== undefined) return answer('unknown', 'none', `Ferry's account does not see all of it: ${unseen}`);
  const present = await readTableTimes(query, database);
  if (present === undefined) return answer('gone', 'tables', 'the source has no such database any more');
  const { tables } = manifest;
  if (tables === undefined) return answer('unknown', 'none', 'its dump was made by hand and lists no tables');
  const strange = [...tables.filter(({ name }) => !present.has(name)), ...[...present.keys()].filter((name) => !tables.some((table) => table.name === name)).map((name) => ({ name }))];
  if (strange.length > 0) return answer('changed', 'tables', `dropped or new: ${nameTables(strange)}`);
  const altered = await alteredObjects(query, database, manifest.structure);
  if (altered.length > 0) return answer('changed', 'definitions', altered.slice(0, namedTables).map((difference) => differenceText(difference, ['dumped', 'now'])).join('; '));
  const open = tables.filter((table) => !isUntouched(table, present.get(table.name), manifest.readAt));
  if (open.length === 0) return answer('unchanged', 'update-times', `${tables.length} tables last written to before its dump`);
  if (open.some(({ digest }) => digest === undefined)) return answer('unknown', 'none', 'its dump has no digests');
  const changed = await differing(query, database, open);
  if (changed.length > 0) return answer('changed', 'digests', nameTables(changed));
  return answer('unchanged', 'digests', `${open.length} tables by digest, ${tables.length - open.length} by update time`);
}

/** Not what a manifest does not describe. */
async function alteredObjects(query: Query, database: string, dumped: Structure | undefined): Promise<ObjectDifference[]> {
  return dumped === undefined ? [] : compareStructures(dumped, await readObjects(query, database));
}

interface TableTime {
  readonly engine: string | null;
  readonly updatedAt: number | null;
}

/** Undefined when there is no such database. */
async function readTableTimes(query: Query, database: string): Promise<Map<string, TableTime> | undefined> {
  const schema = textLiteral(database);
  const rows = await query<{ name: string; engine: string | null; updatedAt: string | number | null }>(
    `SELECT TABLE_NAME AS name, ENGINE AS engine, UNIX_TIMESTAMP(UPDATE_TIME) AS updatedAt FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${schema} AND TABLE_TYPE = 'BASE TABLE'`,
  );
  if (rows.length === 0) {
    const known = await query<{ name: string }>(`SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${schema}`);
    if (known.length === 0) return undefined;
  }
  return new Map(rows.map(({ name, engine, updatedAt }) => [name, { engine, updatedAt: updatedAt === null ? null : Number(updatedAt) }]));
}

/**
 * MyISAM's time is that of its file, and right on every version; InnoDB's is lost or absent. It counts seconds: a table that
 * was written to in the second of the dump may have been written to again after it.
 */
function isUntouched(table: DumpedTable, now: TableTime | undefined, readAt: number | undefined): boolean {
  if (now?.engine?.toLowerCase() !== 'myisam' || table.engine?.toLowerCase() !== 'myisam') return false;
  if (table.updatedAt === undefined || table.updatedAt === null || readAt === undefined) return false;
  return now.updatedAt === table.updatedAt && table.updatedAt < readAt - 1;
}

async function differing(query: Query, database: string, tables: readonly DumpedTable[]): Promise<DumpedTable[]> {
  const columns = new Map((await readColumns(query, database, tables.map(({ name }) => name))).map((table) => [table.name, table]));
  const wanted = tables.flatMap((table): { table: DumpedTable; read: DigestTable }[] => {
    const whole = readAs(columns.get(table.name) ?? { name: table.name, columns: [] }, table.hashed);
    return (table.ranges ?? [undefined]).map((range) => ({ table, read: range === undefined ? whole : { ...whole, range: range.range } }));
  });
  const digests = await readDigests(query, database, wanted.map(({ read }) => read));
  return tables.filter((table) => {
    const found = digests.filter((_, index) => wanted[index]?.table === table).reduce(addDigests, emptyDigest);
    return !sameDigest(found, table.digest ?? emptyDigest);
  });
}

function nameTables(tables: readonly { readonly name: string }[]): string {
  const named = tables.slice(0, namedTables).map(({ name }) => `\`${name}\``).join(', ');
  return tables.length > namedTables ? `${named} and ${tables.length - namedTables} more` : named;
}
