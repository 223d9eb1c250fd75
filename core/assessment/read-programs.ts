/** Reads triggers, routines and events for the checks. */
import { errnoOf } from '../mysql-failures.ts';
import { isMySqlAtLeast } from '../mysql-versions.ts';
import { quoteIdentifier } from '../names.ts';
import type { SchemaReader, SchemaRow } from '../objects/schema-reader.ts';
import { textLiteral } from '../sql-text.ts';
import type { Query, StoredProgram } from './facts.ts';

export interface ProgramsReading {
  readonly query: Query;
  readonly name: string;
  readonly version: string;
  /** Of a dump, which reads the triggers too. */
  readonly reader: SchemaReader | undefined;
}

/**
 * `SHOW TRIGGERS FROM`, because information_schema.TRIGGERS looks at every schema, unless it is asked by the tables'
 * schema.
 */
export async function readTriggers({ query, name, reader }: ProgramsReading): Promise<StoredProgram[]> {
  const ask = `SHOW TRIGGERS FROM ${quoteIdentifier(name)}`;
  const rows = reader === undefined ? await query<TriggerRow>(ask) : (await reader.triggers()).map(asShown);
  return rows.map((row) => ({
    kind: 'trigger',
    name: row.Trigger,
    table: row.Table,
    definer: row.Definer,
    runsAsInvoker: false,
    sqlMode: row.sql_mode,
    body: row.Statement,
    enabled: true,
  }));
}

interface TriggerRow {
  readonly Trigger: string;
  readonly Table: string;
  readonly Statement: string;
  readonly sql_mode: string;
  readonly Definer: string;
}

function asShown(row: SchemaRow): TriggerRow {
  return {
    Trigger: row['trigger_name'] ?? '',
    Table: row['event_object_table'] ?? '',
    Statement: row['action_statement'] ?? '',
    sql_mode: row['sql_mode'] ?? '',
    Definer: row['definer'] ?? '',
  };
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

/**
 * Of an event that is dropped when its time is over: whether it is, by the source's clock. mysql.event has times of
 * UTC.
 */
const isOverInTable = "on_completion = 'DROP' AND COALESCE(execute_at, ends) < UTC_TIMESTAMP()";
const isOver = `ON_COMPLETION = 'NOT PRESERVE'
  AND CONVERT_TZ(COALESCE(EXECUTE_AT, ENDS), TIME_ZONE, '+00:00') < UTC_TIMESTAMP()`;

/**
 * By the primary keys of mysql.proc and mysql.event, where there are such tables: information_schema reads all of them.
 */
export async function readRoutinesAndEvents(
  { query, name: asked, version }: ProgramsReading,
  ignoresCase: boolean,
): Promise<StoredProgram[]> {
  // So is it stored on a server that does not tell names apart by case.
  const name = ignoresCase ? asked.toLowerCase() : asked;
  const schema = textLiteral(name);
  const fromTables = `SELECT db AS schemaName, LOWER(type) AS kind, name, definer, security_type AS security,
    sql_mode AS sqlMode, CONVERT(CONCAT_WS(' ', param_list, returns, body_utf8) USING utf8) AS body, 'ENABLED' AS status, 0 AS expired
    FROM mysql.proc WHERE db = CONVERT(${schema} USING utf8)
    UNION ALL
    SELECT db, 'event', name, definer, 'DEFINER', sql_mode, CONVERT(body_utf8 USING utf8), status, ${isOverInTable}
    FROM mysql.event WHERE db = CONVERT(${schema} USING utf8)`;
  const fromSchema = `SELECT ROUTINE_SCHEMA AS schemaName, LOWER(ROUTINE_TYPE) AS kind, ROUTINE_NAME AS name,
    DEFINER AS definer, SECURITY_TYPE AS security, SQL_MODE AS sqlMode, ROUTINE_DEFINITION AS body, 'ENABLED' AS status, 0 AS expired
    FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${schema}
    UNION ALL
    SELECT EVENT_SCHEMA, 'event', EVENT_NAME, DEFINER, 'DEFINER', SQL_MODE, EVENT_DEFINITION, STATUS, ${isOver}
    FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${schema}`;
  const rows = await query<ProgramRow>(isMySqlAtLeast(version, 8) ? fromSchema : fromTables).catch((error: unknown) => {
    // Without SELECT on mysql.proc the server still tells what the account may see.
    if (![1142, 1143].includes(errnoOf(error) ?? 0) || isMySqlAtLeast(version, 8)) throw error;
    return query<ProgramRow>(fromSchema);
  });
  // Before MySQL 8 information_schema compares these names without regard to case: `Shop` answers for `shop` too.
  const own = rows.filter(({ schemaName }) => (ignoresCase ? schemaName.toLowerCase() : schemaName) === name);
  return own.map(({ kind, name: program, definer, security, sqlMode, body, status, expired }) => ({
    kind,
    name: program,
    definer,
    runsAsInvoker: security === 'INVOKER',
    sqlMode,
    body: body ?? '',
    enabled: status === 'ENABLED',
    ...(Number(expired) === 1 ? { expired: true } : {}),
  }));
}
