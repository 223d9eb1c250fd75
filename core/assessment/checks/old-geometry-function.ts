import type { DatabaseCheck } from '../check.ts';
import { oldGeometryFunctions } from '../../geometry-functions.ts';
import { bodiesOf, calledFunctions } from '../sql-scan.ts';
import { isMySqlAtLeast } from '../../mysql-versions.ts';

/** So short that a function or an alias of the application may well have the same name. */
const ambiguous = new Set(['X', 'Y', 'AREA', 'CONTAINS', 'EQUALS', 'WITHIN', 'DISTANCE', 'BUFFER', 'DIMENSION', 'ENVELOPE', 'OVERLAPS', 'TOUCHES', 'CROSSES']);

export const oldGeometryFunction: DatabaseCheck = {
  id: 'old-geometry-function',
  scope: 'object',
  severity: 'converted',
  catalogue: ['I17'],
  cause: 'A body calls a function for geometries by the name that MySQL 8.0 dropped (AsText, GeomFromText, GLength and their like).',
  consequence: 'Ferry writes the present name (ST_AsText). A name that a body puts together in a string and runs stays as it is, and fails (error 1305).',
  remedy: 'None is needed, unless statements are put together in strings: MySQL 5.6 knows the present names too.',
  *find(database, { source }) {
    if (isMySqlAtLeast(source.version, 8)) return;
    const own = new Set(database.programs.filter(({ kind }) => kind === 'function').map(({ name }) => name.toUpperCase()));
    for (const { object, tokens } of bodiesOf(database)) {
      const called = [...calledFunctions(tokens)].filter((name) => oldGeometryFunctions.has(name) && !own.has(name));
      if (called.some((name) => !ambiguous.has(name))) yield { object, detail: called.map((name) => `${name}: ${oldGeometryFunctions.get(name) ?? ''}`).sort().join(', ') };
    }
  },
};
