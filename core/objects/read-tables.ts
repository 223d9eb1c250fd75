/** Tables with their columns, indexes, foreign keys, checks and partitions. */
import { canonicalCharacterSet, canonicalDefault, canonicalExpression, canonicalExtra, canonicalRule, canonicalType } from './canonical.ts';
import { readChecks } from './read-checks.ts';
import { attributes, partName, tableName } from './schema-reader.ts';
import type { SchemaReader, SchemaRow } from './schema-reader.ts';
import { ownerAttribute } from './structure.ts';
import type { Structure } from './structure.ts';

export async function readTableParts(reader: SchemaReader, without: ReadonlySet<string>): Promise<Structure> {
  const rows = await reader.rows('TABLES', 'TABLE_SCHEMA', " AND TABLE_TYPE = 'BASE TABLE'");
  const tables = rows.filter((row) => !without.has(row['table_name'] ?? ''));
  const names = new Set(tables.map((row) => row['table_name'] ?? ''));
  if (names.size === 0) return {};
  const of = (found: readonly SchemaRow[]): SchemaRow[] => found.filter((row) => names.has(row['table_name'] ?? ''));
  const columns = of(await reader.rows('COLUMNS', 'TABLE_SCHEMA', ' ORDER BY TABLE_NAME, ORDINAL_POSITION'));
  const statistics = of(await reader.rows('STATISTICS', 'TABLE_SCHEMA', ' ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX'));
  const keys = of(await reader.rows('KEY_COLUMN_USAGE', 'TABLE_SCHEMA', ' AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION'));
  const rules = keys.length === 0 ? [] : await reader.rows('REFERENTIAL_CONSTRAINTS', 'CONSTRAINT_SCHEMA');
  const isPartitioned = tables.some((row) => /\bpartitioned\b/i.test(row['create_options'] ?? ''));
  const partitions = isPartitioned ? of(await reader.rows('PARTITIONS', 'TABLE_SCHEMA', ' AND PARTITION_NAME IS NOT NULL ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION')) : [];
  return {
    ...tableObjects(tables, columns),
    ...columnObjects(columns, reader.isMariadb),
    ...indexObjects(statistics),
    ...foreignKeyObjects(keys, rules, reader.database),
    ...partitionObjects(partitions),
    ...(reader.hasChecks ? await readChecks(reader, columns) : {}),
  };
}

function tableObjects(tables: readonly SchemaRow[], columns: readonly SchemaRow[]): Structure {
  const counting = new Set(columns.filter(({ extra }) => /auto_increment/i.test(extra ?? '')).map((row) => row['table_name']));
  return Object.fromEntries(
    tables.map((table) => [
      `table ${table['table_name'] ?? ''}`,
      attributes({
        engine: table['engine'],
        collation: canonicalCharacterSet(table['table_collation'] ?? ''),
        comment: table['table_comment'],
        // MySQL 8 says nothing of a counter that was never used.
        'auto-increment': counting.has(table['table_name'] ?? null) ? (table['auto_increment'] ?? '1') : undefined,
      }),
    ]),
  );
}

function columnObjects(columns: readonly SchemaRow[], isMariadb: boolean): Structure {
  return Object.fromEntries(
    columns.map((column) => {
      const [type, extra] = [column['column_type'] ?? '', column['extra'] ?? ''];
      return [
        partName('column', column, column['column_name']),
        attributes({
          [ownerAttribute]: tableName(column),
          position: column['ordinal_position'],
          type: canonicalType(type),
          null: column['is_nullable'] === 'YES' ? 'NULL' : 'NOT NULL',
          default: quotedDefault(canonicalDefault(column['column_default'] ?? null, { type, extra, isMariadb })),
          collation: canonicalCharacterSet(column['collation_name'] ?? ''),
          extra: canonicalExtra(extra),
          comment: column['column_comment'],
          generated: canonicalExpression(column['generation_expression'] ?? ''),
        }),
      ];
    }),
  );
}

/** So that the default '' is not none. */
function quotedDefault(value: string | undefined): string | undefined {
  return value === undefined ? undefined : `'${value}'`;
}

function indexObjects(statistics: readonly SchemaRow[]): Structure {
  const indexes = groupBy(statistics, (row) => partName('index', row, row['index_name']));
  return Object.fromEntries([...indexes].map(([name, parts]) => [name, indexObject(parts)]));
}

function indexObject(parts: readonly SchemaRow[]): Structure[string] {
  const first = parts[0] ?? {};
  const special = ['FULLTEXT', 'SPATIAL'].find((kind) => kind === first['index_type']);
  return attributes({
    [ownerAttribute]: tableName(first),
    kind: special ?? (first['non_unique'] === '0' ? 'UNIQUE' : 'INDEX'),
    columns: parts.map((part) => indexPart(part, special !== undefined)).join(', '),
    comment: first['index_comment'],
    visible: first['is_visible'] === 'NO' || first['ignored'] === 'YES' ? 'NO' : undefined,
  });
}

/** A FULLTEXT or SPATIAL index has neither prefixes nor an order; MySQL 5.6 gives the size of a SPATIAL one's rectangle. */
function indexPart(part: SchemaRow, isSpecial: boolean): string {
  const column = part['column_name'] ?? `(${canonicalExpression(part['expression'] ?? '')})`;
  if (isSpecial) return column;
  const prefix = part['sub_part'] ?? null;
  return `${column}${prefix === null ? '' : `(${prefix})`}${part['collation'] === 'D' ? ' DESC' : ''}`;
}

function foreignKeyObjects(keys: readonly SchemaRow[], rules: readonly SchemaRow[], database: string): Structure {
  const foreignKeys = groupBy(keys, (row) => partName('foreign key', row, row['constraint_name']));
  return Object.fromEntries(
    [...foreignKeys].map(([name, parts]) => {
      const first = parts[0] ?? {};
      const rule = rules.find((row) => row['constraint_name'] === first['constraint_name'] && row['table_name'] === first['table_name']);
      const schema = first['referenced_table_schema'] === database ? '' : `${first['referenced_table_schema'] ?? ''}.`;
      return [
        name,
        attributes({
          [ownerAttribute]: tableName(first),
          columns: parts.map((part) => part['column_name'] ?? '').join(', '),
          references: `${schema}${first['referenced_table_name'] ?? ''} (${parts.map((part) => part['referenced_column_name'] ?? '').join(', ')})`,
          'on update': canonicalRule(rule?.['update_rule'] ?? ''),
          'on delete': canonicalRule(rule?.['delete_rule'] ?? ''),
        }),
      ];
    }),
  );
}

function partitionObjects(partitions: readonly SchemaRow[]): Structure {
  return Object.fromEntries(
    partitions.map((part) => {
      const inner = part['subpartition_name'] ?? null;
      const name = inner === null ? part['partition_name'] : `${part['partition_name'] ?? ''}.${inner}`;
      return [
        partName('partition', part, name ?? ''),
        attributes({
          [ownerAttribute]: tableName(part),
          position: `${part['partition_ordinal_position'] ?? ''}${inner === null ? '' : `.${part['subpartition_ordinal_position'] ?? ''}`}`,
          method: part['partition_method'],
          expression: canonicalExpression(part['partition_expression'] ?? ''),
          values: part['partition_description'],
          'sub-method': part['subpartition_method'],
          'sub-expression': canonicalExpression(part['subpartition_expression'] ?? ''),
          comment: part['partition_comment'],
        }),
      ];
    }),
  );
}

function groupBy(rows: readonly SchemaRow[], nameOf: (row: SchemaRow) => string): Map<string, SchemaRow[]> {
  const groups = new Map<string, SchemaRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}
