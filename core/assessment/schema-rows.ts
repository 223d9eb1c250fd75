/** What the checks need of information_schema, and how it is found in whole rows, as a dump's reader has them. */
import type { SchemaRow } from '../objects/schema-reader.ts';

export interface TableRow {
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

export function tableRow(row: SchemaRow): TableRow {
  return {
    name: row['table_name'] ?? '',
    type: row['table_type'] ?? '',
    engine: row['engine'] ?? null,
    rowFormat: row['row_format'] ?? null,
    tableRows: row['table_rows'] ?? null,
    averageRow: row['avg_row_length'] ?? null,
    dataBytes: row['data_length'] ?? null,
    indexBytes: row['index_length'] ?? null,
    updatedAt: row['update_seconds'] ?? null,
    collation: row['table_collation'] ?? null,
    options: row['create_options'] ?? null,
    comment: row['table_comment'] ?? null,
  };
}

export interface ColumnRow {
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

export function columnRow(row: SchemaRow): ColumnRow {
  return {
    tableName: row['table_name'] ?? '',
    name: row['column_name'] ?? '',
    dataType: row['data_type'] ?? '',
    type: row['column_type'] ?? '',
    nullable: row['is_nullable'] ?? '',
    defaultValue: row['column_default'] ?? null,
    characterSet: row['character_set_name'] ?? null,
    collation: row['collation_name'] ?? null,
    maximumLength: row['character_maximum_length'] ?? null,
    maximumBytes: row['character_octet_length'] ?? null,
    extra: row['extra'] ?? null,
    expression: row['generation_expression'] ?? null,
  };
}

export interface ViewRow {
  readonly tableName: string;
  readonly definer: string;
  readonly definition: string;
  readonly security: string;
}

export function viewRow(row: SchemaRow): ViewRow {
  return {
    tableName: row['table_name'] ?? '',
    definer: row['definer'] ?? '',
    definition: row['view_definition'] ?? '',
    security: row['security_type'] ?? '',
  };
}

export interface ForeignKeyRow {
  readonly tableName: string;
  readonly name: string;
  readonly columnName: string;
  readonly parentDatabase: string;
  readonly parentTable: string;
  readonly parentColumn: string;
}

export function foreignKeyRow(row: SchemaRow): ForeignKeyRow {
  return {
    tableName: row['table_name'] ?? '',
    name: row['constraint_name'] ?? '',
    columnName: row['column_name'] ?? '',
    parentDatabase: row['referenced_table_schema'] ?? '',
    parentTable: row['referenced_table_name'] ?? '',
    parentColumn: row['referenced_column_name'] ?? '',
  };
}
