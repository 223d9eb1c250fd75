import type { ServerCheck } from '../check.ts';
import { variable } from '../look.ts';

export const lowerCaseTableNames: ServerCheck = {
  id: 'lower-case-table-names',
  scope: 'server',
  severity: 'blocks',
  catalogue: ['I21'],
  cause: 'Source and target differ in lower_case_table_names.',
  consequence: 'Names that the source keeps apart fall together on the target, or queries that worked find no table.',
  remedy: 'Aurora MySQL 3 takes lower_case_table_names only when a cluster is made: make the cluster anew with a parameter group that has the value of the source.',
  *find({ source, target }) {
    const [from, to] = [variable(source, 'lower_case_table_names'), variable(target, 'lower_case_table_names')];
    if (from !== undefined && to !== undefined && (from === '0') !== (to === '0')) yield { object: '', detail: `${from} on the source, ${to} on the target` };
  },
};
