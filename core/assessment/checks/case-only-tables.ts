import type { DatabaseCheck } from '../check.ts';

export const caseOnlyTables: DatabaseCheck = {
  id: 'case-only-tables',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I21'],
  cause: 'Tables or views of the database differ only in the case of their letters.',
  consequence: 'They stay apart on a target with lower_case_table_names=0, which is the default of Aurora; with 1 the second is refused (error 1050).',
  remedy: 'Keep lower_case_table_names=0 on the target, or rename one of them.',
  *find({ tables, views }) {
    const groups = new Map<string, string[]>();
    for (const { name } of [...tables, ...views]) groups.set(name.toLowerCase(), [...(groups.get(name.toLowerCase()) ?? []), name]);
    for (const names of groups.values()) if (names.length > 1) yield { object: `tables ${names.sort().join(', ')}` };
  },
};
