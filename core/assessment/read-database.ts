/**
 * Reads what the checks need of one database. Each query names one schema, which is cheap on any version: an
 * information_schema query without a literal schema opens every table of the server.
 */
import { errnoOf } from '../mysql-failures.ts';
import { quoteIdentifier } from '../names.ts';
import { textLiteral } from '../sql-text.ts';
import { noCostlyFacts } from './facts.ts';
import type { ColumnFacts, DatabaseFacts, ForeignKeyFacts, IndexFacts, PartitionFacts, Query, StoredProgram, TableFacts, ViewFacts } from './facts.ts';
import { isAtLeast, isMariaDb, isMySqlAtLeast } from '../mysql-versions.ts';
import { examineViews, findBrokenViews, readDefinerRights } from './read-views.ts';

export interface DatabaseReading {
  readonly query: Query;
  readonly name: string;
  /** Of the server that is read. */
  readonly version: string;
  /** `branch`: what the checks that block need, and no more, because a dump waits for it. */
  readonly depth: 'full' | 'branch';
}

/** More views or tables than this are read by one query over the schema, which opens every table of it. */
const namedObjects = 10;
/** MySQL makes names such as `TABLE_ibfk_1` itself, of more than the 64 characters that it allows anybody else when a table is renamed. */
const longestSafeTableName = 57;

/** @throws what the server answers */
export async function readDatabase(reading: DatabaseReading): Promise<DatabaseFacts> {
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

async function readSchema({ query, name }: DatabaseReading): Promise<Pick<DatabaseFacts, 'characterSet' | 'collation'> & { readonly ignoresCase: boolean }> {
  const [row] = await query<{ characterSet: string; collation: string; ignoresCase: number | string }>(
    `SELECT DEFAULT_CHARACTER_SET_NAME AS characterSet, DEFAULT_COLLATION_NAME AS collation, @@lower_case_table_names AS ignoresCase FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${textLiteral(name)}`,
  );
  return { characterSet: row?.characterSet ?? '', collation: row?.collation ?? '', ignoresCase: Number(row?.ignoresCase ?? 0) !== 0 };
}

interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly engine: string | null;
  readonly rowFormat: string | null;
  readonly tableRows: string | number | null;
  readonly averageRow: string | number | null;
  readonly dataBytes: string | number | null;
  readonly indexBytes: string | number | null;
  readonly updatedAt: string | number | null;
  readonly collation: string | null;
  readonly options: string | null;
  readonly comment: string | null;
}

function readTables({ query, name }: DatabaseReading): Promise<TableRow[]> {
  return query<TableRow>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, ROW_FORMAT AS rowFormat, TABLE_ROWS AS tableRows, AVG_ROW_LENGTH AS averageRow, DATA_LENGTH AS dataBytes, INDEX_LENGTH AS indexBytes, UNIX_TIMESTAMP(UPDATE_TIME) AS updatedAt, TABLE_COLLATION AS collation, CREATE_OPTIONS AS options, TABLE_COMMENT AS comment FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(name)}`,
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

interface ColumnRow {
  readonly tableName: string;
  readonly name: string;
  readonly dataType: string;
  readonly type: string;
  readonly nullable: string;
  readonly defaultValue: string | null;
  readonly characterSet: string | null;
  readonly collation: string | null;
  readonly maximumLength: string | number | null;
  readonly maximumBytes: string | number | null;
  readonly extra: string | null;
  readonly expression: string | null;
}

async function readColumns({ query, name, version }: DatabaseReading): Promise<Map<string, ColumnFacts[]>> {
  const tellsExpressions = isMariaDb(version) ? isAtLeast(version, 10, 2) : isAtLeast(version, 5, 7);
  const rows = await query<ColumnRow>(
    `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS name, DATA_TYPE AS dataType, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS defaultValue, CHARACTER_SET_NAME AS characterSet, COLLATION_NAME AS collation, CHARACTER_MAXIMUM_LENGTH AS maximumLength, CHARACTER_OCTET_LENGTH AS maximumBytes, EXTRA AS extra, ${tellsExpressions ? 'GENERATION_EXPRESSION' : 'NULL'} AS expression FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${textLiteral(name)} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  return grouped(rows, ({ tableName }) => tableName, (row) => ({
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

interface IndexRow {
  readonly tableName: string;
  readonly name: string;
  readonly nonUnique: string | number;
  readonly columnName: string | null;
  readonly prefix: string | number | null;
  readonly type: string;
}

async function readIndexes({ query, name }: DatabaseReading): Promise<Map<string, IndexFacts[]>> {
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

async function readPartitions(reading: DatabaseReading, tables: readonly string[]): Promise<Map<string, PartitionFacts[]>> {
  if (tables.length === 0) return new Map();
  const rows = await readNamed<{ tableName: string; name: string; method: string; expression: string | null; tablespace: string | null }>(
    reading,
    'SELECT TABLE_NAME AS tableName, PARTITION_NAME AS name, PARTITION_METHOD AS method, PARTITION_EXPRESSION AS expression, TABLESPACE_NAME AS tablespace FROM information_schema.PARTITIONS',
    tables,
    ' AND PARTITION_NAME IS NOT NULL',
  );
  return grouped(rows, ({ tableName }) => tableName, ({ name, method, expression, tablespace }) => ({ name, method, expression: expression ?? '', tablespace }));
}

async function readViews(reading: DatabaseReading, entries: readonly TableRow[], broken: ReadonlySet<string>): Promise<ViewFacts[]> {
  if (entries.length === 0) return [];
  const rows = await readNamed<{ tableName: string; definer: string; definition: string; security: string }>(
    reading,
    'SELECT TABLE_NAME AS tableName, DEFINER AS definer, VIEW_DEFINITION AS definition, SECURITY_TYPE AS security FROM information_schema.VIEWS',
    entries.map(({ name }) => name),
  );
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
function readNamed<Row>({ query, name }: DatabaseReading, select: string, objects: readonly string[], condition = ''): Promise<Row[]> {
  const schema = textLiteral(name);
  if (objects.length > namedObjects) return query<Row>(`${select} WHERE TABLE_SCHEMA = ${schema}${condition}`);
  return query<Row>(objects.map((object) => `${select} WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${textLiteral(object)}${condition}`).join(' UNION ALL '));
}

/** `SHOW TRIGGERS FROM`, because information_schema.TRIGGERS looks at every schema, whatever its condition says. */
async function readTriggers({ query, name }: DatabaseReading): Promise<StoredProgram[]> {
  const rows = await query<{ Trigger: string; Table: string; Statement: string; sql_mode: string; Definer: string }>(`SHOW TRIGGERS FROM ${quoteIdentifier(name)}`);
  return rows.map((row) => ({ kind: 'trigger', name: row.Trigger, table: row.Table, definer: row.Definer, runsAsInvoker: false, sqlMode: row.sql_mode, body: row.Statement, enabled: true }));
}

interface ProgramRow {
  readonly schemaName: string;
  readonly kind: 'procedure' | 'function' | 'event';
  readonly name: string;
  readonly definer: string;
  readonly security: string;
  readonly sqlMode: string;
  readonly body: string | null;
  readonly status: string;
  readonly expired: number | string | null;
}

/** Of an event that is dropped when its time is over: whether it is, by the source's clock. mysql.event has times of UTC. */
const isOverInTable = "on_completion = 'DROP' AND COALESCE(execute_at, ends) < UTC_TIMESTAMP()";
const isOver = "ON_COMPLETION = 'NOT PRESERVE' AND CONVERT_TZ(COALESCE(EXECUTE_AT, ENDS), TIME_ZONE, '+00:00') < UTC_TIMESTAMP()";

/** By the primary keys of mysql.proc and mysql.event, where there are such tables: information_schema reads all of them. */
async function readRoutinesAndEvents({ query, name: asked, version }: DatabaseReading, ignoresCase: boolean): Promise<StoredProgram[]> {
  // So is it stored on a server that does not tell names apart by case.
  const name = ignoresCase ? asked.toLowerCase() : asked;
  const schema = textLiteral(name);
  const fromTables = `SELECT db AS schemaName, LOWER(type) AS kind, name, definer, security_type AS security, sql_mode AS sqlMode, CONVERT(CONCAT_WS(' ', param_list, returns, body_utf8) USING utf8) AS body, 'ENABLED' AS status, 0 AS expired FROM mysql.proc WHERE db = CONVERT(${schema} USING utf8) UNION ALL SELECT db, 'event', name, definer, 'DEFINER', sql_mode, CONVERT(body_utf8 USING utf8), status, ${isOverInTable} FROM mysql.event WHERE db = CONVERT(${schema} USING utf8)`;
  const fromSchema = `SELECT ROUTINE_SCHEMA AS schemaName, LOWER(ROUTINE_TYPE) AS kind, ROUTINE_NAME AS name, DEFINER AS definer, SECURITY_TYPE AS security, SQL_MODE AS sqlMode, ROUTINE_DEFINITION AS body, 'ENABLED' AS status, 0 AS expired FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${schema} UNION ALL SELECT EVENT_SCHEMA, 'event', EVENT_NAME, DEFINER, 'DEFINER', SQL_MODE, EVENT_DEFINITION, STATUS, ${isOver} FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${schema}`;
  const rows = await query<ProgramRow>(isMySqlAtLeast(version, 8) ? fromSchema : fromTables).catch((error: unknown) => {
    // Without SELECT on mysql.proc the server still tells what the account may see.
    if (![1142, 1143].includes(errnoOf(error) ?? 0) || isMySqlAtLeast(version, 8)) throw error;
    return query<ProgramRow>(fromSchema);
  });
  // Before MySQL 8 information_schema compares these names without regard to case: `Shop` answers for `shop` too.
  const own = rows.filter(({ schemaName }) => (ignoresCase ? schemaName.toLowerCase() : schemaName) === name);
  return own.map(({ kind, name: program, definer, security, sqlMode, body, status, expired }) => ({ kind, name: program, definer, runsAsInvoker: security === 'INVOKER', sqlMode, body: body ?? '', enabled: status === 'ENABLED', ...(Number(expired) === 1 ? { expired: true } : {}) }));
}

const foreignKeyColumns =
  'SELECT TABLE_NAME AS tableName, CONSTRAINT_NAME AS name, COLUMN_NAME AS columnName, REFERENCED_TABLE_SCHEMA AS parentDatabase, REFERENCED_TABLE_NAME AS parentTable, REFERENCED_COLUMN_NAME AS parentColumn FROM information_schema.KEY_COLUMN_USAGE';

interface ForeignKeyRow {
  readonly tableName: string;
  readonly name: string;
  readonly columnName: string;
  readonly parentDatabase: string;
  readonly parentTable: string;
  readonly parentColumn: string;
}

/** For a branch: those whose names may be too long, and those that refer to other databases. */
async function readForeignKeys(reading: DatabaseReading, tables: readonly TableFacts[]): Promise<ForeignKeyFacts[]> {
  const transactional = tables.filter(({ engine }) => engine?.toLowerCase() === 'innodb').map(({ name }) => name);
  if (transactional.length === 0) return [];
  const isFull = reading.depth === 'full';
  const named = isFull ? transactional : transactional.filter((name) => Array.from(name).length > longestSafeTableName);
  const rows = named.length === 0 ? [] : await readNamed<ForeignKeyRow>(reading, foreignKeyColumns, named, ' AND REFERENCED_TABLE_NAME IS NOT NULL');
  const schema = textLiteral(reading.name);
  const toOthers = isFull ? [] : await reading.query<ForeignKeyRow>(`${foreignKeyColumns} WHERE TABLE_SCHEMA = ${schema} AND REFERENCED_TABLE_SCHEMA <> ${schema}`);
  const known = new Set(named);
  return foreignKeysOf([...rows, ...toOthers.filter(({ tableName }) => !known.has(tableName))]);
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
