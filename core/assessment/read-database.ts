/**
 * Reads what the checks need of one database. Each query names one schema, which is cheap on any version: an
 * information_schema query without a literal schema opens every table of the server.
 */
import { isAtLeast, isMariaDb } from '../mysql-versions.ts';
import { SchemaReader } from '../objects/schema-reader.ts';
import { textLiteral } from '../sql-text.ts';
import { noCostlyFacts } from './facts.ts';
import type { ColumnFacts, DatabaseFacts, ForeignKeyFacts, IndexFacts, PartitionFacts, Query, TableFacts, ViewFacts } from './facts.ts';
import { readRoutinesAndEvents, readTriggers } from './read-programs.ts';
import { columnRow, foreignKeyRow, tableRow, viewRow } from './schema-rows.ts';
import type { ColumnRow, ForeignKeyRow, TableRow, ViewRow } from './schema-rows.ts';
import { examineViews, findBrokenViews, readDefinerRights } from './read-views.ts';

export interface DatabaseReading {
  readonly query: Query;
  readonly name: string;
  /** Of the server that is read. */
  readonly version: string;
  /** `branch`: what the checks that block need, and no more, because a dump waits for it. */
  readonly depth: 'full' | 'branch';
  /** Of a branch: reads what its dump has to know too, so that the server is asked once. */
  readonly reader?: SchemaReader;
}

/** Of a branch, the reader that asks for whole rows; undefined where only what the checks need is asked for. */
interface Reading extends Omit<DatabaseReading, 'reader'> {
  readonly reader: SchemaReader | undefined;
}

/** More views or tables than this are read by one query over the schema, which opens every table of it. */
const namedObjects = 10;
/** MySQL makes names such as `TABLE_ibfk_1` itself, of more than the 64 characters that it allows anybody else when a table is renamed. */
const longestSafeTableName = 57;

/** @throws what the server answers */
export async function readDatabase({ reader, ...asked }: DatabaseReading): Promise<DatabaseFacts> {
  const reading: Reading = { ...asked, reader: asked.depth === 'full' ? undefined : (reader ?? readerFor(asked)) };
  const { ignoresCase, ...schema } = await readSchema(reading);
  const entries = await readTables(reading);
  const broken = await findBrokenViews(reading.query, reading.name, entries.filter(({ type, engine }) => !isView(type) && engine === null).map(({ name }) => name));
  const base = entries.filter(({ type, name }) => !isView(type) && !broken.has(name));
  const columns = await readColumns(reading);
  const indexes = reading.depth === 'full' ? await readIndexes(reading) : new Map<string, IndexFacts[]>();
  const partitioned = base.filter(({ options }) => /\bpartitioned\b/i.test(options ?? '')).map(({ name }) => name);
  const partitions = reading.depth === 'full' ? await readPartitions(reading, partitioned) : new Map<string, PartitionFacts[]>();
  const tables = base.map((entry): TableFacts => ({
    ...tableOf(entry),
    columns: columns.get(entry.name) ?? [],
    indexes: indexes.get(entry.name) ?? [],
    partitions: partitions.get(entry.name) ?? [],
  }));
  return {
    name: reading.name,
    ...schema,
    tables,
    views: await readViews(reading, entries.filter(({ type, name }) => isView(type) || broken.has(name)), broken),
    programs: [...(await readTriggers(reading)), ...(await readRoutinesAndEvents(reading, ignoresCase))],
    foreignKeys: await readForeignKeys(reading, tables),
    costly: noCostlyFacts,
    ...(reading.depth === 'branch' ? { isBranch: true } : {}),
  };
}

function readerFor({ query, name, version }: Omit<DatabaseReading, 'reader'>): SchemaReader {
  return new SchemaReader(query, name, { version, forDump: true });
}

type Schema = Pick<DatabaseFacts, 'characterSet' | 'collation'> & { readonly ignoresCase: boolean };

async function readSchema({ query, name, reader }: Reading): Promise<Schema> {
  if (reader !== undefined) {
    const row = await reader.schema();
    const [characterSet, collation] = [row?.['default_character_set_name'] ?? '', row?.['default_collation_name'] ?? ''];
    return { characterSet, collation, ignoresCase: (row?.['ignores_case'] ?? '0') !== '0' };
  }
  const [row] = await query<{ characterSet: string; collation: string; ignoresCase: number | string }>(
    `SELECT DEFAULT_CHARACTER_SET_NAME AS characterSet, DEFAULT_COLLATION_NAME AS collation, @@lower_case_table_names AS ignoresCase
     FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${textLiteral(name)}`,
  );
  return { characterSet: row?.characterSet ?? '', collation: row?.collation ?? '', ignoresCase: Number(row?.ignoresCase ?? 0) !== 0 };
}

async function readTables({ query, name, reader }: Reading): Promise<TableRow[]> {
  if (reader !== undefined) return (await reader.listed()).map(tableRow);
  return query<TableRow>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, ROW_FORMAT AS rowFormat, TABLE_ROWS AS tableRows,
     AVG_ROW_LENGTH AS averageRow, DATA_LENGTH AS dataBytes, INDEX_LENGTH AS indexBytes, UNIX_TIMESTAMP(UPDATE_TIME) AS updatedAt,
     TABLE_COLLATION AS collation, CREATE_OPTIONS AS options, TABLE_COMMENT AS comment
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(name)}`,
  );
}

/** `SYSTEM VIEW` is of information_schema alone. */
function isView(type: string): boolean {
  return type.endsWith('VIEW');
}

function tableOf(row: TableRow): Omit<TableFacts, 'columns' | 'indexes' | 'partitions'> {
  return {
    name: row.name,
    type: row.type,
    engine: row.engine,
    rowFormat: row.rowFormat ?? '',
    rows: Number(row.tableRows ?? 0),
    averageRowBytes: Number(row.averageRow ?? 0),
    dataBytes: Number(row.dataBytes ?? 0),
    indexBytes: Number(row.indexBytes ?? 0),
    updatedAt: row.updatedAt === null ? null : Number(row.updatedAt),
    collation: row.collation,
    options: (row.options ?? '').toLowerCase(),
    comment: row.comment ?? '',
  };
}

async function readColumns(reading: Reading): Promise<Map<string, ColumnFacts[]>> {
  return grouped(await readColumnRows(reading), ({ tableName }) => tableName, (row) => ({
    name: row.name,
    dataType: row.dataType.toLowerCase(),
    type: row.type,
    nullable: row.nullable === 'YES',
    default: row.defaultValue,
    characterSet: row.characterSet,
    collation: row.collation,
    maximumLength: numberOrNull(row.maximumLength),
    maximumBytes: numberOrNull(row.maximumBytes),
    extra: (row.extra ?? '').toLowerCase(),
    expression: row.expression === '' ? null : row.expression,
  }));
}

async function readColumnRows({ query, name, version, reader }: Reading): Promise<ColumnRow[]> {
  if (reader !== undefined) return (await reader.columns()).map(columnRow);
  const tellsExpressions = isMariaDb(version) ? isAtLeast(version, 10, 2) : isAtLeast(version, 5, 7);
  return query<ColumnRow>(
    `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS name, DATA_TYPE AS dataType, COLUMN_TYPE AS type, IS_NULLABLE AS nullable,
     COLUMN_DEFAULT AS defaultValue, CHARACTER_SET_NAME AS characterSet, COLLATION_NAME AS collation,
     CHARACTER_MAXIMUM_LENGTH AS maximumLength, CHARACTER_OCTET_LENGTH AS maximumBytes, EXTRA AS extra,
     ${tellsExpressions ? 'GENERATION_EXPRESSION' : 'NULL'} AS expression
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${textLiteral(name)} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
}

interface IndexRow {
  readonly tableName: string;
  readonly name: string;
  readonly nonUnique: string | number;
  readonly columnName: string | null;
  readonly prefix: string | number | null;
  readonly type: string;
}

async function readIndexes({ query, name }: Reading): Promise<Map<string, IndexFacts[]>> {
  const rows = await query<IndexRow>(
    `SELECT TABLE_NAME AS tableName, INDEX_NAME AS name, NON_UNIQUE AS nonUnique, COLUMN_NAME AS columnName, SUB_PART AS prefix, INDEX_TYPE AS type FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ${textLiteral(name)} ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
  );
  const byTable = grouped(rows, ({ tableName }) => tableName, (row) => row);
  return new Map([...byTable].map(([table, parts]) => [table, indexesOf(parts)]));
}

function indexesOf(parts: readonly IndexRow[]): IndexFacts[] {
  return [...grouped(parts, ({ name }) => name, (row) => row).values()].flatMap((columns) => {
    const [first] = columns;
    if (first === undefined) return [];
    return {
      name: first.name,
      unique: Number(first.nonUnique) === 0,
      type: first.type.toUpperCase(),
      columns: columns.map(({ columnName, prefix }) => ({ name: columnName ?? '', prefix: numberOrNull(prefix) })),
    };
  });
}

async function readPartitions(reading: Reading, tables: readonly string[]): Promise<Map<string, PartitionFacts[]>> {
  if (tables.length === 0) return new Map();
  const rows = await readNamed<{ tableName: string; name: string; method: string; expression: string | null; tablespace: string | null }>(
    reading,
    'SELECT TABLE_NAME AS tableName, PARTITION_NAME AS name, PARTITION_METHOD AS method, PARTITION_EXPRESSION AS expression, TABLESPACE_NAME AS tablespace FROM information_schema.PARTITIONS',
    tables,
    ' AND PARTITION_NAME IS NOT NULL',
  );
  return grouped(rows, ({ tableName }) => tableName, ({ name, method, expression, tablespace }) => ({ name, method, expression: expression ?? '', tablespace }));
}

async function readViewRows(reading: Reading, names: readonly string[]): Promise<ViewRow[]> {
  if (reading.reader === undefined) return readNamed<ViewRow>(reading, viewColumns, names);
  return (await reading.reader.views()).map(viewRow);
}

const viewColumns =
  'SELECT TABLE_NAME AS tableName, DEFINER AS definer, VIEW_DEFINITION AS definition, SECURITY_TYPE AS security FROM information_schema.VIEWS';

async function readViews(reading: Reading, entries: readonly TableRow[], broken: ReadonlySet<string>): Promise<ViewFacts[]> {
  if (entries.length === 0) return [];
  const rows = await readViewRows(reading, entries.map(({ name }) => name));
  const known = new Map(rows.map((row) => [row.tableName, row]));
  const views = entries.map(({ name, comment }) => ({
    name,
    definer: known.get(name)?.definer ?? '',
    runsAsInvoker: known.get(name)?.security === 'INVOKER',
    definition: known.get(name)?.definition ?? '',
    // A view that can be opened has the word VIEW as its comment, or nothing.
    flaw: !broken.has(name) && (comment === null || /^(?:VIEW)?$/i.test(comment)) ? undefined : (comment ?? ''),
    security: known.get(name)?.security ?? '',
  }));
  const withRights = reading.depth === 'full' ? await readDefinerRights(reading.query, reading.name, views) : views;
  return examineViews(reading.query, reading.name, withRights);
}

/** Few objects are asked for by name, in one round trip: the server then opens those, and not all of the schema. */
function readNamed<Row>({ query, name }: Reading, select: string, objects: readonly string[], condition = ''): Promise<Row[]> {
  const schema = textLiteral(name);
  if (objects.length > namedObjects) return query<Row>(`${select} WHERE TABLE_SCHEMA = ${schema}${condition}`);
  return query<Row>(objects.map((object) => `${select} WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${textLiteral(object)}${condition}`).join(' UNION ALL '));
}

const foreignKeyColumns = `SELECT TABLE_NAME AS tableName, CONSTRAINT_NAME AS name, COLUMN_NAME AS columnName,
  REFERENCED_TABLE_SCHEMA AS parentDatabase, REFERENCED_TABLE_NAME AS parentTable, REFERENCED_COLUMN_NAME AS parentColumn
  FROM information_schema.KEY_COLUMN_USAGE`;

/** For a branch: those whose names may be too long, and those that refer to other databases. */
async function readForeignKeys(reading: Reading, tables: readonly TableFacts[]): Promise<ForeignKeyFacts[]> {
  const transactional = tables.filter(({ engine }) => engine?.toLowerCase() === 'innodb').map(({ name }) => name);
  if (transactional.length === 0) return [];
  const { reader } = reading;
  if (reader === undefined) return foreignKeysOf(await readNamed<ForeignKeyRow>(reading, foreignKeyColumns, transactional, ' AND REFERENCED_TABLE_NAME IS NOT NULL'));
  const long = new Set(transactional.filter((name) => Array.from(name).length > longestSafeTableName));
  const rows = (await reader.foreignKeyColumns()).map(foreignKeyRow);
  return foreignKeysOf(rows.filter(({ tableName, parentDatabase }) => long.has(tableName) || !reader.isOwn(parentDatabase)));
}

function foreignKeysOf(rows: readonly ForeignKeyRow[]): ForeignKeyFacts[] {
  return [...grouped(rows, ({ tableName, name }) => `${tableName}\0${name}`, (row) => row).values()].flatMap((columns) => {
    const [first] = columns;
    if (first === undefined) return [];
    const { name, tableName, parentDatabase, parentTable } = first;
    return { name, table: tableName, columns: columns.map(({ columnName }) => columnName), parentDatabase, parentTable, parentColumns: columns.map(({ parentColumn }) => parentColumn) };
  });
}

function grouped<Row, Value>(rows: readonly Row[], keyOf: (row: Row) => string, valueOf: (row: Row) => Value): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [valueOf(row)]);
    else group.push(valueOf(row));
  }
  return groups;
}

function numberOrNull(value: string | number | null): number | null {
  return value === null ? null : Number(value);
}
