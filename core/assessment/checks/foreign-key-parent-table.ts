import type { DatabaseCheck } from '../check.ts';
import { isEngine } from '../look.ts';

export const foreignKeyParentTable: DatabaseCheck = {
  id: 'foreign-key-parent-table',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I13'],
  cause: 'The table that a foreign key refers to is missing, or is not InnoDB.',
  consequence: 'The source never checked this key. On the target a missing parent makes every INSERT fail (1452), and a parent that becomes InnoDB is checked from then on.',
  remedy: 'Drop the foreign key, or make the parent table InnoDB on the source and remove the rows that have no parent.',
  *find({ name, tables, foreignKeys }) {
    const byName = new Map(tables.map((table) => [table.name.toLowerCase(), table]));
    for (const { name: key, table, parentDatabase, parentTable } of foreignKeys) {
      if (parentDatabase !== name) continue;
      const parent = byName.get(parentTable.toLowerCase());
      if (parent === undefined) yield { object: `table ${table}`, detail: `${key} refers to ${parentTable}, which is not there` };
      else if (!isEngine(parent, 'innodb')) yield { object: `table ${table}`, detail: `${key} refers to ${parentTable}, which is ${parent.engine ?? 'unreadable'}` };
    }
  },
};
