import { withNearestCollations } from '../../../core/mariadb-collations.ts';
import type { Rule } from './rule.ts';

/** Gives MariaDB's own collations the nearest of MySQL. */
export const mariadbCollation: Rule = {
  name: 'mariadb-collation',
  kinds: ['table', 'view', 'routine', 'trigger', 'event', 'database', 'session'],
  concerns: /_(?:uca1400|nopad)_/i,
  apply: ({ sql, reading }) => withNearestCollations(sql, reading),
};
