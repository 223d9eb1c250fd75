/** CHECK constraints. */
import { readExpression } from './expressions.ts';
import { attributes, partName, tableName } from './schema-reader.ts';
import type { SchemaReader, SchemaRow } from './schema-reader.ts';
import { ownerAttribute } from './structure.ts';
import type { Structure } from './structure.ts';

/** @param columns of all tables, in their order */
export async function readChecks(reader: SchemaReader, columns: readonly SchemaRow[]): Promise<Structure> {
  if (reader.isMariadb) return namedByMysql(await reader.rows('CHECK_CONSTRAINTS', 'CONSTRAINT_SCHEMA'), columns);
  const constraints = await reader.rowsOfTables('TABLE_CONSTRAINTS', " AND CONSTRAINT_TYPE = 'CHECK'");
  if (constraints.length === 0) return {};
  const checks = await reader.rows('CHECK_CONSTRAINTS', 'CONSTRAINT_SCHEMA');
  return Object.fromEntries(
    constraints.map((constraint) => [
      partName('check', constraint, constraint['constraint_name']),
      checkObject(constraint, checks.find((check) => check['constraint_name'] === constraint['constraint_name'])?.['check_clause'], true),
    ]),
  );
}

/**
 * MariaDB calls the check of a column as the column; MySQL takes it without a name, and gives it the table's with a number.
 * MariaDB before 10.5.10 does not say which is which.
 */
function namedByMysql(checks: readonly SchemaRow[], columns: readonly SchemaRow[]): Structure {
  const isOfColumn = (check: SchemaRow): boolean => check['level'] === undefined || check['level'] === 'Column';
  const numbers = new Map<string, number>();
  const ofColumns = columns.flatMap((column) => {
    const check = checks.find((each) => each['table_name'] === column['table_name'] && each['constraint_name'] === column['column_name'] && isOfColumn(each));
    if (check === undefined) return [];
    const table = column['table_name'] ?? '';
    const number = (numbers.get(table) ?? 0) + 1;
    numbers.set(table, number);
    return [{ check, name: `${table}_chk_${number}` }];
  });
  const ofTables = checks.filter((each) => !ofColumns.some(({ check }) => check === each)).map((check) => ({ check, name: check['constraint_name'] }));
  return Object.fromEntries([...ofColumns, ...ofTables].map(({ check, name }) => [partName('check', check, name), checkObject(check, check['check_clause'], false)]));
}

function checkObject(row: SchemaRow, clause: string | null | undefined, isEscaped: boolean): Structure[string] {
  return attributes({ [ownerAttribute]: tableName(row), expression: readExpression(clause ?? '', isEscaped), enforced: row['enforced'] === 'NO' ? 'NO' : undefined });
}
