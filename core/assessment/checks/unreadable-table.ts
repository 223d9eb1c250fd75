import type { DatabaseCheck } from '../check.ts';

export const unreadableTable: DatabaseCheck = {
  id: 'unreadable-table',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['E10'],
  cause: 'The source cannot open the table, or has found it damaged.',
  consequence: 'mysqldump stops at it.',
  remedy: 'REPAIR TABLE for a crashed MyISAM table, after a copy of its files; restore it from a backup, or drop it, when its files are gone.',
  *find({ tables, costly }) {
    for (const { name, engine, comment } of tables) {
      const damage = engine === null ? comment : costly.damages.get(name);
      if (damage !== undefined) yield { object: `table ${name}`, detail: damage };
    }
  },
};
