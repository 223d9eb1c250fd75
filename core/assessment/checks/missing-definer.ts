import type { DatabaseCheck } from '../check.ts';
import { definersOf } from '../definers.ts';

export const missingDefiner: DatabaseCheck = {
  id: 'missing-definer',
  scope: 'object',
  severity: 'warning',
  catalogue: ['E5', 'I6'],
  cause: 'The account that the object runs as (its DEFINER) is not on the source any more.',
  consequence: 'It fails when it is used, on the source as on the target (error 1449). Its views are dumped apart from the tables, because they cannot be locked.',
  remedy: 'Make the account, or give the object a definer that exists: ALTER DEFINER=… VIEW, or drop and create the others again.',
  *find(database, { source }) {
    if (source.accounts === undefined) return;
    const known = new Set(source.accounts.map(({ account }) => account));
    for (const { object, definer } of definersOf(database)) if (!known.has(definer)) yield { object, detail: definer };
  },
};
