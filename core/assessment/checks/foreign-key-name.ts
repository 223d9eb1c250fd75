import type { DatabaseCheck } from '../check.ts';

const longest = 64;

export const foreignKeyName: DatabaseCheck = {
  id: 'foreign-key-name',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I13'],
  cause: "A foreign key's name has more than 64 characters: MySQL made it itself, from the table's name and _ibfk_1, when the table was renamed.",
  consequence: 'MySQL 8.0 refuses such a name (error 1059).',
  remedy: 'ALTER TABLE … DROP FOREIGN KEY, ADD CONSTRAINT a_shorter_name FOREIGN KEY … on the source.',
  *find({ foreignKeys }) {
    for (const { table, name } of foreignKeys) if (isTooLong(name, table)) yield { object: `table ${table}`, detail: name };
  },
};

/** information_schema shows the first 64 characters of such a name, without the number at its end. */
function isTooLong(name: string, table: string): boolean {
  const length = Array.from(name).length;
  return length > longest || (length === longest && `${table}_ibfk_`.startsWith(name));
}
