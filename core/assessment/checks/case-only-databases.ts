import type { ServerCheck } from '../check.ts';

export const caseOnlyDatabases: ServerCheck = {
  id: 'case-only-databases',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I21'],
  cause: 'Databases of the source differ only in the case of their letters.',
  consequence: 'They stay apart on a target with lower_case_table_names=0, which is the default of Aurora; with 1 they would be one.',
  remedy: 'Keep lower_case_table_names=0 on the target, or rename one of them.',
  *find({ source }) {
    const groups = new Map<string, string[]>();
    for (const name of source.databases ?? []) groups.set(name.toLowerCase(), [...(groups.get(name.toLowerCase()) ?? []), name]);
    for (const names of groups.values()) if (names.length > 1) yield { object: `databases ${names.sort().join(', ')}` };
  },
};
