import { isMySqlAtLeast } from '../../mysql-versions.ts';
import { nameIn } from '../../sql-tokens.ts';
import type { Token } from '../../sql-tokens.ts';
import type { DatabaseCheck } from '../check.ts';
import { bodiesOf } from '../sql-scan.ts';

/** Source: MySQL Reference Manual 8.0, "Features Removed in MySQL 8.0": tables of the server itself. */
const removed: Readonly<Record<string, ReadonlySet<string>>> = {
  information_schema: new Set([
    'global_status',
    'global_variables',
    'session_status',
    'session_variables',
    'innodb_locks',
    'innodb_lock_waits',
    'innodb_sys_columns',
    'innodb_sys_datafiles',
    'innodb_sys_fields',
    'innodb_sys_foreign',
    'innodb_sys_foreign_cols',
    'innodb_sys_indexes',
    'innodb_sys_tables',
    'innodb_sys_tablespaces',
    'innodb_sys_tablestats',
    'innodb_sys_virtual',
  ]),
  mysql: new Set(['proc', 'event', 'host', 'ndb_binlog_index']),
};

export const removedSystemTable: DatabaseCheck = {
  id: 'removed-system-table',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I12'],
  cause:
    'The view reads a table of the server that MySQL 8.0 dropped or renamed: information_schema.GLOBAL_STATUS, INNODB_SYS_TABLES, mysql.proc and others.',
  consequence: 'The target cannot make it (errors 1109 and 1146).',
  remedy:
    'Drop the view on the source, and make one over performance_schema.global_status, information_schema.INNODB_TABLES or ROUTINES on the target.',
  *find(database, { source }) {
    if (isMySqlAtLeast(source.version, 8)) return;
    for (const { object, kind, tokens } of bodiesOf(database)) {
      const read =
        kind === 'view' ? new Set(tokens.flatMap((_token, index) => removedAt(tokens, index) ?? [])) : new Set();
      if (read.size > 0) yield { object, detail: [...read].sort().join(', ') };
    }
  },
};

/** As the server writes a table in a view: `information_schema`.`global_status`. */
function removedAt(tokens: readonly Token[], index: number): string | undefined {
  if (tokens[index + 1]?.text !== '.') return undefined;
  const [schema, table] = [tokens[index], tokens[index + 2]].map((token) => nameIn(token).toLowerCase());
  return schema !== undefined &&
    table !== undefined &&
    Object.hasOwn(removed, schema) &&
    removed[schema]?.has(table) === true
    ? `${schema}.${table}`
    : undefined;
}
