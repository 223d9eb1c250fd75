import type { ServerCheck } from '../check.ts';
import { isOn, variable } from '../look.ts';

export const metadataStatistics: ServerCheck = {
  id: 'metadata-statistics',
  scope: 'server',
  severity: 'warning',
  catalogue: [],
  cause: 'innodb_stats_on_metadata is on at the source, as it is by default before MySQL 5.6.6.',
  consequence: 'Each look at a table in information_schema counts its index statistics anew: dumps and this assessment read pages of every table.',
  remedy: 'SET GLOBAL innodb_stats_on_metadata = OFF on the source. Statistics are then renewed by ANALYZE TABLE and by changes alone.',
  *find({ source }) {
    if (isOn(variable(source, 'innodb_stats_on_metadata'))) yield { object: '' };
  },
};
