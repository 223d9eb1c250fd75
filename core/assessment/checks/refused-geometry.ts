import type { DatabaseCheck } from '../check.ts';

export const refusedGeometry: DatabaseCheck = {
  id: 'refused-geometry',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I17'],
  cause:
    'Rows have geometries that MySQL before 5.7 took: an empty value, a line of one point, a ring of fewer than four points.',
  consequence: 'The target refuses the rows (error 1416).',
  remedy:
    'Correct them on the source, or make them NULL. Looked for with --also geometries only, as it reads all rows with geometries.',
  *find({ costly }) {
    for (const [key, count] of costly.geometries)
      if (count > 0) yield { object: `column ${key.replace('\0', '.')}`, detail: `${count} rows` };
  },
};
