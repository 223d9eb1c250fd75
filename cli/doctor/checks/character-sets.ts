import { comparison } from '../check.ts';
import { ok, warning } from '../finding.ts';

export const characterSets = comparison('character-sets', (source, target) => {
  const describe = ({ variables }: typeof source): string => `${variables.character_set_server ?? '?'}, ${variables.collation_server ?? '?'}`;
  if (describe(source) === describe(target)) return [ok(`both servers default to ${describe(source)}`)];
  return [
    warning(
      `The source defaults to ${describe(source)}, the target to ${describe(target)}`,
      'What is migrated keeps its own, written out in every table. New databases and tables that name none get the default, and joining the two may fail (1267) or compare differently.',
      'Set character_set_server and collation_server in the cluster parameter group as on the source, or name them in the application\'s DDL.',
    ),
  ];
});
