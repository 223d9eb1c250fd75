import type { DatabaseCheck } from '../check.ts';

export const foreignKeyOtherDatabase: DatabaseCheck = {
  id: 'foreign-key-other-database',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I13'],
  cause: 'A foreign key refers to a table of another database.',
  consequence: 'Both databases must be on the same cluster, and until the other one is there every INSERT into this table fails (1452). The import itself does not check.',
  remedy: 'Migrate the databases together, in one list.',
  *find({ name, foreignKeys }) {
    for (const { name: key, table, parentDatabase, parentTable } of foreignKeys) {
      if (parentDatabase !== name) yield { object: `table ${table}`, detail: `${key} refers to ${parentDatabase}.${parentTable}` };
    }
  },
};
