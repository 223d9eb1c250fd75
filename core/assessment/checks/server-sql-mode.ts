import type { ServerCheck } from '../check.ts';
import { variable } from '../look.ts';

/** Words that change what a statement of an application does. */
const telling = ['STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES', 'ONLY_FULL_GROUP_BY', 'NO_ZERO_DATE', 'NO_ZERO_IN_DATE', 'ERROR_FOR_DIVISION_BY_ZERO', 'ANSI_QUOTES', 'PIPES_AS_CONCAT', 'NO_BACKSLASH_ESCAPES'];

export const serverSqlMode: ServerCheck = {
  id: 'server-sql-mode',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I9', 'I10'],
  cause: 'Source and target run with different sql_mode.',
  consequence: 'Statements that the source took are refused or mean something else on the target: values that do not fit, zero dates, GROUP BY without all columns, quotes. The import itself is not concerned: it sets its own.',
  remedy: "Set sql_mode in the target's parameter group to what the source has, without the words that MySQL 8.0 dropped, until the applications are tested with the stricter one.",
  *find({ source, target }) {
    const [from, to] = [wordsOf(variable(source, 'sql_mode')), wordsOf(variable(target, 'sql_mode'))];
    if (from === undefined || to === undefined) return;
    const gained = telling.filter((word) => to.has(word) && !from.has(word));
    const lost = telling.filter((word) => from.has(word) && !to.has(word));
    if (gained.length > 0) yield { object: '', detail: `only on the target: ${gained.join(', ')}` };
    if (lost.length > 0) yield { object: '', detail: `only on the source: ${lost.join(', ')}` };
  },
};

function wordsOf(mode: string | undefined): Set<string> | undefined {
  return mode === undefined ? undefined : new Set(mode.toUpperCase().split(','));
}
