import type { DatabaseCheck, Occurrence } from '../check.ts';
import { oldGeometryFunctions } from '../../geometry-functions.ts';
import { missingOnTarget } from '../missing-on-target.ts';
import { removedFunctions } from '../removed-functions.ts';
import { bodiesOf, calledFunctions, scan } from '../sql-scan.ts';

export const removedFunction: DatabaseCheck = {
  id: 'removed-function',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I12'],
  cause: 'A view or a generated column calls a function that MySQL 8.0 dropped, or a body calls PASSWORD().',
  consequence: 'The target refuses the view or the table (error 1305), and a body with PASSWORD() as a syntax error (1064).',
  remedy: 'Replace the call on the source: SHA2() for hashes (PASSWORD(x) is CONCAT(\'*\', UPPER(SHA1(UNHEX(SHA1(x)))))), AES_ENCRYPT() for ENCODE and DES_ENCRYPT.',
  *find(database, { source }) {
    const removed = removedFunctions(source.version);
    const missing = missingOnTarget(database);
    for (const { object, kind, tokens } of bodiesOf(database)) {
      const refused = [...calledFunctions(tokens)].filter((name) => (kind === 'view' ? removed.has(name) || missing.has(name) : name === 'PASSWORD' && removed.has(name)));
      if (refused.length > 0) yield { object, detail: refused.sort().join(', ') };
    }
    yield* generatedColumns(database, removed);
  },
};

function* generatedColumns({ tables }: Parameters<DatabaseCheck['find']>[0], removed: ReadonlySet<string>): Generator<Occurrence> {
  for (const { name: table, columns } of tables) {
    for (const { name, expression } of columns) {
      if (expression === null) continue;
      const refused = [...calledFunctions(scan(expression))].filter((called) => removed.has(called) || oldGeometryFunctions.has(called));
      if (refused.length > 0) yield { object: `column ${table}.${name}`, detail: refused.sort().join(', ') };
    }
  }
}
