import type { DatabaseCheck } from '../check.ts';

export const awkwardName: DatabaseCheck = {
  id: 'awkward-name',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I15'],
  cause: 'The name begins with $, has a dot or a blank at an end, or a character that cannot be seen.',
  consequence: 'It arrives as it is. MySQL 8.0.32 and later warn of a $ at the beginning where it is not quoted, and scripts often stumble over the others.',
  remedy: 'None is needed for the migration.',
  *find({ tables, views, programs }) {
    for (const { name } of tables) if (isAwkward(name)) yield { object: `table ${name}` };
    for (const { name, columns } of tables) for (const column of columns) if (isAwkward(column.name)) yield { object: `column ${name}.${column.name}` };
    for (const { name } of views) if (isAwkward(name)) yield { object: `view ${name}` };
    for (const { kind, name } of programs) if (isAwkward(name)) yield { object: `${kind} ${name}` };
  },
};

function isAwkward(name: string): boolean {
  return /^\$|[.]|^\s|\s$|\p{Control}|\p{Default_Ignorable_Code_Point}/u.test(name);
}
