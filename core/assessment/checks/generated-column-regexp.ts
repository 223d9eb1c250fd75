import { isMySqlAtLeast } from '../../mysql-versions.ts';
import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';
import { patternsIn, refusedByIcu } from '../regular-expressions.ts';
import { scan } from '../sql-scan.ts';

export const generatedColumnRegexp: DatabaseCheck = {
  id: 'generated-column-regexp',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I12'],
  cause:
    'A generated column has a regular expression that the library of MySQL 8.0 (ICU) does not take: [[:<:]] and [[:>:]], {,2}, a brace or a bracket that stands for itself.',
  consequence: 'The target makes the table and refuses its rows (errors 3685 to 3696).',
  remedy:
    'Write it in a way that both take, with ALTER TABLE … MODIFY on the source: {0,2} for {,2}, [{] for a brace, (^|[^[:alnum:]_])amy([^[:alnum:]_]|$) for [[:<:]]amy[[:>:]].',
  find: (database, { source }) =>
    isMySqlAtLeast(source.version, 8)
      ? []
      : lookAtColumns(database, ({ expression }) => {
          if (expression === null || !/regexp|rlike/i.test(expression)) return undefined;
          const refused = patternsIn(scan(expression)).flatMap((pattern) => refusedByIcu(pattern) ?? []);
          return refused.length === 0 ? undefined : refused.join(', ');
        }),
};
