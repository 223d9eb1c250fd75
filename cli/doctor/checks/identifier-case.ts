import { comparison } from '../check.ts';
import { ok, problem } from '../finding.ts';
import { numberOf } from '../settings.ts';

export const identifierCase = comparison('identifier-case', (source, target) => {
  const [from, to] = [numberOf(source, 'lower_case_table_names'), numberOf(target, 'lower_case_table_names')];
  if (from === to) return [ok(`lower_case_table_names is ${from ?? 'unknown'} on both`)];
  const why = to === 0 ? "The application's queries that write a table's name in another case fail on the target." : 'Databases and tables whose names differ by case alone collide on the target, and names come out in lower case.';
  return [problem(`lower_case_table_names is ${from ?? 'unknown'} on the source and ${to ?? 'unknown'} on the target`, why, 'Make the Aurora cluster anew with that of the source in its parameter group: Aurora MySQL 3 takes it only when a cluster is created.')];
});
