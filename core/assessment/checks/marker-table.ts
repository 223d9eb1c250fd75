import { markerTable as marker, scratchTable, scratchView } from '../../names.ts';
import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

const own: ReadonlySet<string> = new Set([marker, scratchTable, scratchView]);

export const markerTable: DatabaseCheck = {
  id: 'marker-table',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I25'],
  cause: "A table or view has the name of one that Ferry itself makes in a half-loaded database: its marker, or a scratch table or view.",
  consequence: 'The import cannot tell whose database it is, and fails when the dump makes the table.',
  remedy: 'Drop it on the source, if it came with a copy of a half-loaded target; else rename it.',
  find: (database) => [
    ...lookAtTables(database, ({ name }) => (own.has(name) ? '' : undefined)),
    ...database.views.filter(({ name }) => own.has(name)).map(({ name }) => ({ object: `view ${name}` })),
  ],
};
