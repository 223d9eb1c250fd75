/** Facts for tests: a database, or servers, with nothing wrong, and what a test changes of them. */
import type { ColumnFacts, DatabaseFacts, ForeignKeyFacts, IndexFacts, ServerFacts, Servers, StoredProgram, TableFacts, ViewFacts } from '../../../core/assessment/facts.ts';
import type { TargetAnswers } from '../../../core/stored-objects/ask-target.ts';
import type { StoredObject } from '../../../core/stored-objects/stored-object.ts';
import { usesOf } from '../../../core/stored-objects/uses.ts';
import { noCostlyFacts } from '../../../core/assessment/facts.ts';

export function column(name: string, type: string, changes: Partial<ColumnFacts> = {}): ColumnFacts {
  const dataType = /^\w+/.exec(type)?.[0] ?? '';
  return { name, dataType, type, nullable: false, default: null, characterSet: null, collation: null, maximumLength: null, maximumBytes: null, extra: '', expression: null, ...changes };
}

/** `VARCHAR(length)`, with the bytes that a character takes. */
export function text(name: string, length: number, bytesPerCharacter = 1, changes: Partial<ColumnFacts> = {}): ColumnFacts {
  return column(name, `varchar(${length})`, { characterSet: 'latin1', collation: 'latin1_swedish_ci', maximumLength: length, maximumBytes: length * bytesPerCharacter, ...changes });
}

export function index(name: string, columns: readonly (string | readonly [string, number])[], changes: Partial<IndexFacts> = {}): IndexFacts {
  return { name, unique: name === 'PRIMARY', type: 'BTREE', columns: columns.map((part) => (typeof part === 'string' ? { name: part, prefix: null } : { name: part[0], prefix: part[1] })), ...changes };
}

export function table(name: string, changes: Partial<TableFacts> = {}): TableFacts {
  return {
    name, type: 'BASE TABLE', engine: 'InnoDB', rowFormat: 'Compact', rows: 10, averageRowBytes: 100, dataBytes: 1000, indexBytes: 0, updatedAt: null, collation: 'latin1_swedish_ci', options: '', comment: '',
    columns: [column('id', 'int(11)')], indexes: [index('PRIMARY', ['id'])], partitions: [], ...changes,
  };
}

export function view(name: string, definition = 'select 1 AS `x`', changes: Partial<ViewFacts> = {}): ViewFacts {
  return { name, definer: 'app@%', runsAsInvoker: false, definition, flaw: undefined, ...changes };
}

export function procedure(body: string, changes: Partial<StoredProgram> = {}): StoredProgram {
  return { kind: 'procedure', name: 'p', definer: 'app@%', runsAsInvoker: false, sqlMode: '', body, enabled: true, ...changes };
}

export function foreignKey(changes: Partial<ForeignKeyFacts> = {}): ForeignKeyFacts {
  return { name: 'child_ibfk_1', table: 'child', columns: ['parent_id'], parentDatabase: 'shop', parentTable: 'parent', parentColumns: ['id'], ...changes };
}

/** What a target answers that takes everything, and what a test changes of it. */
export function onTarget(objects: readonly StoredObject[], changes: Partial<TargetAnswers> = {}): TargetAnswers {
  return {
    objects: objects.map((object) => ({ ...object, uses: usesOf(object) })),
    missingDefiners: new Set(), missingFunctions: new Set(), nativeFunctions: new Set(), missingTables: new Set(),
    refusedPatterns: new Map(), refusedTexts: new Map(), refusedViews: new Map(), ...changes,
  };
}

export function storedObject(kind: StoredObject['kind'], name: string, body: string, changes: Partial<StoredObject> = {}): StoredObject {
  return { kind, name, definer: 'app@%', runsAsInvoker: false, sqlMode: '', text: body, ...changes };
}

export function database(changes: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return { name: 'shop', characterSet: 'latin1', collation: 'latin1_swedish_ci', tables: [table('orders')], views: [], programs: [], foreignKeys: [], costly: noCostlyFacts, ...changes };
}

export function server(version: string, variables: Readonly<Record<string, string>> = {}, changes: Partial<ServerFacts> = {}): ServerFacts {
  return {
    version, variables: new Map(Object.entries(variables)), status: new Map(), grants: ['GRANT ALL PRIVILEGES ON *.* TO x'], databases: new Set(['shop']),
    accounts: [{ account: 'app@%', plugin: 'mysql_native_password', oldHash: false, serverPrivileges: [] }],
    timeZones: true, authentication: new Set(['mysql_native_password', 'caching_sha2_password']), reservedWords: new Set(), loadableFunctions: [], ...changes,
  };
}

const sourceVariables = {
  sql_mode: '', lower_case_table_names: '0', time_zone: 'SYSTEM', system_time_zone: 'UTC', have_ssl: 'YES', character_set_server: 'utf8', collation_server: 'utf8_general_ci',
  innodb_stats_on_metadata: 'OFF', log_bin: 'ON', binlog_format: 'ROW', max_allowed_packet: '16777216', open_files_limit: '65536',
};
const targetVariables = {
  sql_mode: '', lower_case_table_names: '0', time_zone: 'UTC', system_time_zone: 'UTC', character_set_server: 'utf8mb3', collation_server: 'utf8mb3_general_ci', log_bin: 'OFF',
  log_bin_trust_function_creators: 'OFF', max_allowed_packet: '1073741824', innodb_strict_mode: 'OFF', event_scheduler: 'OFF', require_secure_transport: 'ON', table_open_cache: '4000', table_definition_cache: '4000',
};

interface Changes {
  readonly version?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly facts?: Partial<ServerFacts>;
}

/** A source of MySQL 5.6.51 and a target of 8.0 that have nothing for a check to find. */
export function servers(source: Changes = {}, target: Changes = {}, tables = 100): Servers {
  return {
    source: server(source.version ?? '5.6.51', { ...sourceVariables, ...source.variables }, source.facts),
    target: server(target.version ?? '8.0.39', { ...targetVariables, ...target.variables }, { databases: new Set(), ...target.facts }),
    tables,
  };
}
