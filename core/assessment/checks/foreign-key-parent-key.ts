import type { DatabaseCheck } from '../check.ts';

export const foreignKeyParentKey: DatabaseCheck = {
  id: 'foreign-key-parent-key',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I13'],
  cause: 'A foreign key refers to columns that are not a whole primary key or unique index.',
  consequence: 'InnoDB allowed that. MySQL 8.4 refuses it (error 6125) while restrict_fk_on_non_standard_key is on, which is its default.',
  remedy: "Add a unique index on the referenced columns, or set restrict_fk_on_non_standard_key=0 in the target's parameter group.",
  *find({ name, tables, foreignKeys }) {
    const byName = new Map(tables.map((table) => [table.name, table]));
    for (const { name: key, table, parentDatabase, parentTable, parentColumns } of foreignKeys) {
      const parent = parentDatabase === name ? byName.get(parentTable) : undefined;
      if (parent === undefined || parent.indexes.length === 0) continue;
      const wanted = [...parentColumns].sort().join('\0').toLowerCase();
      const isKey = parent.indexes.some(({ unique, columns }) => unique && columns.every(({ prefix }) => prefix === null) && columns.map((column) => column.name).sort().join('\0').toLowerCase() === wanted);
      if (!isKey) yield { object: `table ${table}`, detail: `${key} refers to ${parentTable} (${parentColumns.join(', ')})` };
    }
  },
};
