import type { DatabaseCheck } from '../check.ts';
import type { IndexFacts, TableFacts } from '../facts.ts';

export const foreignKeyParentIndex: DatabaseCheck = {
  id: 'foreign-key-parent-index',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I13'],
  cause:
    'No index of the parent begins with the columns that a foreign key refers to: it was dropped with FOREIGN_KEY_CHECKS=0.',
  consequence:
    'The target refuses the foreign key (errors 1822 and 6125), also where restrict_fk_on_non_standard_key is off.',
  remedy:
    'Add the index on the source, a unique one where the columns are: ALTER TABLE parent ADD INDEX (…); or drop the foreign key.',
  *find({ name, tables, foreignKeys, isBranch }) {
    if (isBranch === true) return;
    const byName = new Map(tables.map((table) => [table.name, table]));
    for (const { name: key, table, parentDatabase, parentTable, parentColumns } of foreignKeys) {
      const parent = parentDatabase === name ? byName.get(parentTable) : undefined;
      if (parent === undefined) continue;
      const begins = parent.indexes.some((index) => index.type === 'BTREE' && beginsWith(index, parent, parentColumns));
      if (!begins)
        yield { object: `table ${table}`, detail: `${key} refers to ${parentTable} (${parentColumns.join(', ')})` };
    }
  },
};

/** InnoDB adds the columns of the primary key to every other index, where a foreign key may use them. */
function beginsWith({ columns, name }: IndexFacts, { indexes }: TableFacts, wanted: readonly string[]): boolean {
  const primary = name === 'PRIMARY' ? [] : (indexes.find((index) => index.name === 'PRIMARY')?.columns ?? []);
  const whole = [...columns, ...primary.filter((column) => !columns.some((each) => each.name === column.name))];
  return wanted.every(
    (column, index) => whole[index]?.prefix === null && whole[index].name.toLowerCase() === column.toLowerCase(),
  );
}
