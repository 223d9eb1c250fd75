import type { DatabaseCheck } from '../check.ts';
import { utf8mb4MeansGeneral } from '../../mysql-versions.ts';

const general = 'utf8mb4_general_ci';

export const explicitCollation: DatabaseCheck = {
  id: 'explicit-collation',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I11', 'I23'],
  cause: 'The table, or a column of it, is utf8mb4 with its old default collation, which the source does not print.',
  consequence: 'MySQL 8.0 would read it as utf8mb4_0900_ai_ci: other words equal, other unique keys, no trailing blanks ignored. Ferry writes utf8mb4_general_ci out, so that nothing changes.',
  remedy: 'None is needed. Tables that an application makes later need the same collation to be compared with these.',
  *find({ tables }, { source }) {
    if (!utf8mb4MeansGeneral(source.version)) return;
    for (const { name, collation, columns } of tables) {
      if (collation === general || columns.some((column) => column.collation === general)) yield { object: `table ${name}` };
    }
  },
};
