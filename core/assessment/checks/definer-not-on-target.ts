import { runsAs } from '../../stored-objects/definers.ts';
import { objectName } from '../../stored-objects/stored-object.ts';
import type { DatabaseCheck } from '../check.ts';

export const definerNotOnTarget: DatabaseCheck = {
  id: 'definer-not-on-target',
  scope: 'object',
  severity: 'warning',
  catalogue: ['E5', 'I6'],
  cause: 'The account that the object runs as (its DEFINER) is on the source, and not on the target.',
  consequence:
    'It arrives as it is, and every use of it fails (error 1449). The database is verified with so many objects that cannot run.',
  remedy:
    'Migrate with --accounts, which makes the accounts of the databases on the target, or with --definer ACCOUNT, which replaces such definers; or make the account there.',
  *find({ onTarget }, { source }) {
    // Those that the source lacks too have a check of their own.
    const known = source.accounts === undefined ? undefined : new Set(source.accounts.map(({ account }) => account));
    for (const object of onTarget?.objects ?? []) {
      const definer = runsAs(object);
      if (definer !== undefined && onTarget?.missingDefiners?.has(definer) === true && known?.has(definer) !== false)
        yield { object: objectName(object), detail: definer };
    }
  },
};
