import { markerTable as name } from '../../names.ts';
import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const markerTable: DatabaseCheck = {
  id: 'marker-table',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I25'],
  cause: "A table has the name of Ferry's own marker in a half-loaded database.",
  consequence: 'The import cannot tell whose database it is, and fails when the dump makes the table.',
  remedy: 'Drop it on the source, if it came with a copy of a half-loaded target; else rename it.',
  find: (database) => lookAtTables(database, (table) => (table.name === name ? '' : undefined)),
};
