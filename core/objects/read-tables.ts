/** Tables with their columns, indexes, foreign keys, checks and partitions. */
import { canonicalCharacterSet, canonicalExtra, canonicalRule, canonicalType } from './canonical.ts';
import { holdsBytes, nameInList, readDefault, readExpression } from './expressions.ts';
import { readChecks } from './read-checks.ts';
import { placeOf, readPrinted } from './read-printed.ts';
import type { Printed } from './read-printed.ts';
import { attributes, partName, tableName } from './schema-reader.ts';
import type { SchemaReader, SchemaRow } from './schema-reader.ts';
import { ownerAttribute, printedAttribute } from './structure.ts';
import type { Structure } from './structure.ts';

export async function readTableParts(reader: SchemaReader, without: ReadonlySet<string>): Promise<Structure> {
  const rows = await reader.baseTables();
  const tables = rows.filter((row) => !without.has(row['table_name'] ?? ''));
  const names = new Set(tables.map((row) => row['table_name'] ?? ''));
  if (names.size === 0) return {};
  const of = (found: readonly SchemaRow[]): SchemaRow[] => found.filter((row) => names.has(row['table_name'] ?? ''));
  const columns = of(await reader.columns());
  const statistics = of(await reader.rowsOfTables('STATISTICS', ' ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX'));
  const keys = of(await reader.foreignKeyColumns());
  const rules = keys.length === 0 ? [] : await reader.rows('REFERENTIAL_CONSTRAINTS', 'CONSTRAINT_SCHEMA');
  const isPartitioned = tables.some((row) => /\bpartitioned\b/i.test(row['create_options'] ?? ''));
  const inOrder = ' AND PARTITION_NAME IS NOT NULL ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION';
  const partitions = isPartitioned ? of(await reader.rowsOfTables('PARTITIONS', inOrder)) : [];
  const printed = await readPrinted(reader, columns, partitions);
  return {
    ...tableObjects(tables, columns),
    ...columnObjects(columns, reader, printed),
    ...indexObjects(statistics, reader),
    ...foreignKeyObjects(keys, rules, reader.database),
    ...partitionObjects(partitions, printed),
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

function columnObjects(columns: readonly SchemaRow[], reader: SchemaReader, printed: Printed): Structure {
  const { isMariadb, hasDictionary } = reader;
  return Object.fromEntries(
    columns.map((column) => {
      const name = partName('column', column, column['column_name']);
      const [type, extra, collation] = [column['column_type'] ?? '', column['extra'] ?? '', column['collation_name'] ?? null];
      const facts = { type, extra, collation, isMariadb, hasDictionary };
      return [
        name,
        attributes({
          [ownerAttribute]: tableName(column),
          position: column['ordinal_position'],
          type: canonicalType(type),
          null: column['is_nullable'] === 'YES' ? 'NULL' : 'NOT NULL',
          default: printed.defaults.get(name) ?? readDefault(column['column_default'] ?? null, facts),
          // MySQL 8 does not tell that an ENUM or SET is of bytes.
          collation: collation === null && holdsBytes(facts) && !/^(?:var)?binary/i.test(type) ? 'binary' : canonicalCharacterSet(collation ?? ''),
          extra: canonicalExtra(extra),
          comment: column['column_comment'],
          generated: readExpression(column['generation_expression'] ?? '', hasDictionary),
          [printedAttribute]: printed.generated.get(name),
          srid: column['srs_id'],
        }),
      ];
    }),
  );
}

function indexObjects(statistics: readonly SchemaRow[], reader: SchemaReader): Structure {
  const indexes = groupBy(statistics, (row) => partName('index', row, row['index_name']));
  return Object.fromEntries([...indexes].map(([name, parts]) => [name, indexObject(parts, reader)]));
}

function indexObject(parts: readonly SchemaRow[], { hasDictionary }: SchemaReader): Structure[string] {
  const first = parts[0] ?? {};
  const special = ['FULLTEXT', 'SPATIAL'].find((kind) => kind === first['index_type']);
  return attributes({
    [ownerAttribute]: tableName(first),
    kind: special ?? (first['non_unique'] === '0' ? 'UNIQUE' : 'INDEX'),
    columns: parts.map((part) => indexPart(part, { isSpecial: special !== undefined, isEscaped: hasDictionary })).join(', '),
    comment: first['index_comment'],
    visible: first['is_visible'] === 'NO' || first['ignored'] === 'YES' ? 'NO' : undefined,
  });
}

/** A FULLTEXT or SPATIAL index has neither prefixes nor an order; MySQL 5.6 gives the size of a SPATIAL one's rectangle. */
function indexPart(part: SchemaRow, { isSpecial, isEscaped }: { readonly isSpecial: boolean; readonly isEscaped: boolean }): string {
  const name = part['column_name'] ?? null;
  const column = name === null ? `(${readExpression(part['expression'] ?? '', isEscaped)})` : nameInList(name);
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
          columns: parts.map((part) => nameInList(part['column_name'] ?? '')).join(', '),
          references: `${schema}${first['referenced_table_name'] ?? ''} (${parts.map((part) => nameInList(part['referenced_column_name'] ?? '')).join(', ')})`,
          'on update': canonicalRule(rule?.['update_rule'] ?? ''),
          'on delete': canonicalRule(rule?.['delete_rule'] ?? ''),
        }),
      ];
    }),
  );
}

function partitionObjects(partitions: readonly SchemaRow[], printed: Printed): Structure {
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
          expression: readExpression(part['partition_expression'] ?? '', false),
          values: part['partition_description'],
          [printedAttribute]: printed.values.get(placeOf(part)),
          'sub-method': part['subpartition_method'],
          'sub-expression': readExpression(part['subpartition_expression'] ?? '', false),
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
