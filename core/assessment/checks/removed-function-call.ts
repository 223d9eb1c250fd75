import type { DatabaseCheck } from '../check.ts';
import { missingOnTarget } from '../missing-on-target.ts';
import { removedFunctions } from '../removed-functions.ts';
import { bodiesOf, calledFunctions } from '../sql-scan.ts';

export const removedFunctionCall: DatabaseCheck = {
  id: 'removed-function-call',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I12'],
  cause: 'A routine, trigger or event calls a function that MySQL 8.0 dropped (ENCRYPT, ENCODE, DES_ENCRYPT, OLD_PASSWORD and others), or that the target, asked, does not have (MySQL 9.6 has no SHA1).',
  consequence: 'It arrives, and fails when it runs (error 1305).',
  remedy: 'Replace the call: SHA2() for hashes, AES_ENCRYPT() and AES_DECRYPT() for ENCODE and DES_ENCRYPT.',
  *find(database, { source }) {
    const removed = new Set([...removedFunctions(source.version), ...missingOnTarget(database)]);
    for (const { object, kind, tokens } of bodiesOf(database)) {
      if (kind === 'view') continue;
      const called = [...calledFunctions(tokens)].filter((name) => removed.has(name) && name !== 'PASSWORD');
      if (called.length > 0) yield { object, detail: called.sort().join(', ') };
    }
  },
};
