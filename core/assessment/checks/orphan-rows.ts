import type { DatabaseCheck } from '../check.ts';

export const orphanRows: DatabaseCheck = {
  id: 'orphan-rows',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I13'],
  cause: 'Rows refer to a row that is not there: they were written with FOREIGN_KEY_CHECKS=0.',
  consequence: 'They arrive as they are, because an import does not check. An UPDATE of such a row fails later, on the target as on the source.',
  remedy: 'Delete or correct them on the source. Looked for with --also orphan-rows only, because each foreign key takes a reading of its table.',
  *find({ costly, foreignKeys }) {
    for (const { name, table, parentTable } of foreignKeys) {
      const count = costly.orphans.get(`${table}\0${name}`) ?? 0;
      if (count > 0) yield { object: `table ${table}`, detail: `${count} rows without their row in ${parentTable} (${name})` };
    }
  },
};
