/** What the dump's manifest says of each table, so that the import can be compared with it. */
import type { DumpedTable, VerificationLevel } from '../../core/contracts.ts';
import { addDigests, digestSession, emptyDigest, hashedColumns, readCounts, readDigests, splitByKey } from '../../core/digests/table-digests.ts';
import type { DigestTable } from '../../core/digests/table-digests.ts';
import { FerryError } from '../../core/errors.ts';
import type { SchemaRow } from '../../core/objects/schema-reader.ts';
import { structureSession } from '../../core/objects/read-structure.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { SourceTable } from './source-metadata.ts';

/** The session idles while mysqldump works; keep-alive packets hold the connection open on the way. */
export const dumpSession = ['SET SESSION wait_timeout = 86400', ...digestSession, ...structureSession];

/** A range of a large table takes a fraction of a second; a mismatch is told by range. */
const rowsOfRange = 100_000;
const shownTables = 20;

/** @throws what the server answers */
export async function digestSource(session: MysqlSession, database: string, tables: readonly SourceTable[], level: VerificationLevel): Promise<DumpedTable[]> {
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  if (level === 'counts') {
    const counts = await readCounts(query, database, tables.map(({ name }) => name));
    return tables.map(({ name, engine, updatedAt }, index) => ({ name, engine, updatedAt, rows: counts[index] ?? 0 }));
  }
  const ranges: DigestTable[] = [];
  for (const { name, rows, columns } of tables) {
    const table = { name, columns };
    ranges.push(...(rows > rowsOfRange ? await splitByKey(query, database, table, rowsOfRange) : [table]));
  }
  const digests = await readDigests(query, database, ranges);
  const found = ranges.map((table, index) => ({ table, digest: digests[index] ?? emptyDigest }));
  return tables.map(({ name, engine, updatedAt, columns }) => {
    const own = found.filter(({ table }) => table.name === name);
    const digest = own.map((range) => range.digest).reduce(addDigests, emptyDigest);
    const hashed = hashedColumns({ name, columns });
    const dumped = { name, engine, rows: digest.rows, updatedAt, digest, ...(hashed.length === 0 ? {} : { hashed }) };
    if (own.length === 1) return dumped;
    return { ...dumped, ranges: own.flatMap((range) => (range.table.range === undefined ? [] : [{ ...range.digest, range: range.table.range }])) };
  });
}

/**
 * A table without snapshots that was written to between its dump and its digest is not worth importing.
 * @param listed what TABLES says after the last of them was read
 * @throws FerryError SourceChanged
 */
export function checkUnchanged(database: string, before: readonly SourceTable[], listed: readonly SchemaRow[]): void {
  const now = new Map(listed.map((row) => [row['table_name'], numberOrNull(row['update_seconds'] ?? null)]));
  const changed = before.filter(({ name, updatedAt }) => now.get(name) !== updatedAt).map(({ name }) => `\`${name}\``);
  if (changed.length === 0) return;
  const named = changed.slice(0, shownTables).join(', ');
  throw new FerryError('SourceChanged', `${changed.length} tables of \`${database}\` were written to during its dump: ${named}${changed.length > shownTables ? ', …' : ''}.`);
}

function numberOrNull(value: string | null): number | null {
  return value === null ? null : Number(value);
}
