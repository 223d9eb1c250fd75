import { withExplicitCollations } from '../../../core/explicit-collations.ts';
import { utf8mb4MeansGeneral } from '../../../core/mysql-versions.ts';
import type { Rule } from './rule.ts';

/** Writes out the collation that the source left unsaid because it was its default. */
export const explicitCollation: Rule = {
  name: 'explicit-collation',
  kinds: ['table', 'routine', 'trigger', 'event', 'database'],
  concerns: /\butf8mb4\b/i,
  apply: ({ sql, reading }, { sourceVersion }) =>
    utf8mb4MeansGeneral(sourceVersion) ? withExplicitCollations(sql, reading) : undefined,
};
