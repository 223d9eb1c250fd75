/**
 * Reads the objects of one database from its server's information_schema: a fixed number of queries, each by a column by
 * which the server finds the schema. Of TRIGGERS that is EVENT_OBJECT_SCHEMA: by any other, a server before MySQL 8 looks at
 * all schemas. Columns of views are left to their definitions: MySQL 8 knows them only where the definer exists.
 */
import type { Query } from '../digests/table-digests.ts';
import { canonicalBody, canonicalCharacterSet, canonicalEventStatus, canonicalSqlMode, canonicalView } from './canonical.ts';
import { readRoutines } from './read-routines.ts';
import { readTableParts } from './read-tables.ts';
import { attributes, madeBy, SchemaReader } from './schema-reader.ts';
import { ownerAttribute } from './structure.ts';
import type { Structure } from './structure.ts';

export interface ReadOptions {
  /** As `VERSION()` says. */
  readonly version: string;
  /** Tables and views that are not part of the database. */
  readonly without?: readonly string[];
  /** Whether a dump is made of what is read. */
  readonly forDump?: boolean;
}

/** @throws what the server answers */
export function readStructure(query: Query, database: string, { version, without = [], forDump = false }: ReadOptions): Promise<Structure> {
  return readStructureBy(new SchemaReader(query, database, { version, forDump }), without);
}

/** The same by a reader that may know some of it. @param without tables and views that are not part of the database */
export async function readStructureBy(reader: SchemaReader, without: readonly string[] = []): Promise<Structure> {
  const schema = await reader.schema();
  if (schema === undefined) return {};
  const collation = canonicalCharacterSet(schema['default_collation_name'] ?? '');
  const ignored = new Set(without);
  const parts = await readTableParts(reader, ignored);
  const objects = [await readViews(reader, ignored), await readTriggers(reader), await readRoutines(reader), await readEvents(reader)];
  return Object.assign({ database: { collation } }, parts, ...objects) as Structure;
}

/**
 * Views, routines and events alone: what a lock on the tables does not keep as it is.
 * @throws what the server answers
 */
export async function readPrograms(query: Query, database: string, { version, hasViews }: { readonly version: string; readonly hasViews: boolean }): Promise<Structure> {
  const reader = new SchemaReader(query, database, { version });
  const views = hasViews ? await readViews(reader, new Set()) : {};
  return { ...views, ...(await readRoutines(reader)), ...(await readEvents(reader)) };
}

async function readViews(reader: SchemaReader, ignored: ReadonlySet<string>): Promise<Structure> {
  const views = (await reader.views()).filter((row) => !ignored.has(row['table_name'] ?? ''));
  return Object.fromEntries(
    views.map((view) => [
      `view ${view['table_name'] ?? ''}`,
      attributes({
        definition: canonicalView(view['view_definition'] ?? '', reader.database),
        check: view['check_option'] === 'NONE' ? undefined : view['check_option'],
        security: view['security_type'],
        ...madeBy(view),
      }),
    ]),
  );
}

async function readTriggers(reader: SchemaReader): Promise<Structure> {
  const triggers = await reader.triggers();
  const places = new Map<string, number>();
  return Object.fromEntries(
    triggers.map((trigger) => {
      const when = `${trigger['action_timing'] ?? ''} ${trigger['event_manipulation'] ?? ''}`;
      const table = trigger['event_object_table'] ?? '';
      // MySQL before 5.7 has one trigger of a kind, and numbers it 0.
      const place = (places.get(`${when} ${table}`) ?? 0) + 1;
      places.set(`${when} ${table}`, place);
      return [
        `trigger ${trigger['trigger_name'] ?? ''}`,
        attributes({ [ownerAttribute]: `table ${table}`, when, place: String(place), body: canonicalBody(trigger['action_statement']), 'sql mode': canonicalSqlMode(trigger['sql_mode'] ?? ''), ...madeBy(trigger) }),
      ];
    }),
  );
}

async function readEvents(reader: SchemaReader): Promise<Structure> {
  if (!(await reader.mayHave('event'))) return {};
  const events = await reader.rows('EVENTS', 'EVENT_SCHEMA');
  return Object.fromEntries(
    events.map((event) => [
      `event ${event['event_name'] ?? ''}`,
      attributes({
        body: canonicalBody(event['event_definition']),
        at: event['execute_at'],
        every: event['interval_value'] === null ? undefined : `${event['interval_value'] ?? ''} ${event['interval_field'] ?? ''}`,
        starts: event['starts'],
        ends: event['ends'],
        completion: event['on_completion'],
        status: canonicalEventStatus(event['status']),
        comment: event['event_comment'],
        'time zone': event['time_zone'],
        'sql mode': canonicalSqlMode(event['sql_mode'] ?? ''),
        ...madeBy(event),
      }),
    ]),
  );
}

/** Statements for a session that reads structures, beside those for digests: MySQL 8 remembers counters and times of tables for a day. */
export const structureSession = ['SET SESSION sql_quote_show_create = 1 /*!80000 , SESSION information_schema_stats_expiry = 0 */'] as const;
