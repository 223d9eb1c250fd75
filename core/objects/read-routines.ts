/** Procedures and functions with their parameters. */
import { canonicalBody, canonicalCharacterSet, canonicalSqlMode, canonicalType } from './canonical.ts';
import { attributes, madeBy } from './schema-reader.ts';
import type { SchemaReader, SchemaRow } from './schema-reader.ts';
import type { Structure } from './structure.ts';

export async function readRoutines(reader: SchemaReader): Promise<Structure> {
  if (!(await reader.mayHave('proc'))) return {};
  const routines = await reader.rows('ROUTINES', 'ROUTINE_SCHEMA');
  if (routines.length === 0) return {};
  const parameters = await reader.rows('PARAMETERS', 'SPECIFIC_SCHEMA', ' ORDER BY ORDINAL_POSITION');
  return Object.fromEntries(
    routines.map((routine) => [
      nameOf(routine, 'routine_name'),
      attributes({
        body: canonicalBody(routine['routine_definition']) ?? 'not shown to this account',
        parameters: parameters.filter((parameter) => nameOf(parameter, 'specific_name') === nameOf(routine, 'routine_name')).map(parameterText).join(', '),
        deterministic: routine['is_deterministic'],
        data: routine['sql_data_access'],
        security: routine['security_type'],
        comment: routine['routine_comment'],
        'sql mode': canonicalSqlMode(routine['sql_mode'] ?? ''),
        ...madeBy(routine),
      }),
    ]),
  );
}

function nameOf(row: SchemaRow, column: string): string {
  return `${(row['routine_type'] ?? '').toLowerCase()} ${row[column] ?? ''}`;
}

/** What a function returns is its parameter 0, without a mode and a name. */
function parameterText(parameter: SchemaRow): string {
  const collation = parameter['collation_name'] ?? null;
  const type = canonicalType(parameter['dtd_identifier'] ?? '');
  const words = [parameter['parameter_mode'] ?? 'returns', parameter['parameter_name'] ?? '', type, collation === null ? '' : canonicalCharacterSet(collation)];
  return words.filter((word) => word !== '').join(' ');
}
