import { comparison } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { sqlModes } from '../settings.ts';

/** Words that change what an application's statements mean or whether they pass. */
const telling = ['STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES', 'NO_ZERO_DATE', 'NO_ZERO_IN_DATE', 'ONLY_FULL_GROUP_BY', 'ERROR_FOR_DIVISION_BY_ZERO', 'ANSI_QUOTES', 'PIPES_AS_CONCAT', 'NO_BACKSLASH_ESCAPES', 'PAD_CHAR_TO_FULL_LENGTH'];

export const sqlModesDiffer = comparison('sql-modes', (source, target) => {
  const [from, to] = [sqlModes(source), sqlModes(target)];
  const added = telling.filter((mode) => to.has(mode) && !from.has(mode));
  const lost = telling.filter((mode) => from.has(mode) && !to.has(mode));
  if (added.length + lost.length === 0) return [ok('sql_mode means the same on both')];
  const parts = [added.length > 0 ? `the target adds ${added.join(', ')}` : '', lost.length > 0 ? `the target lacks ${lost.join(', ')}` : ''];
  return [
    warning(
      `sql_mode differs: ${parts.filter((part) => part !== '').join('; ')}`,
      'Imports set their own and are not hurt. The application is: statements that gave a warning give an error, or the reverse.',
      'Decide before the cut-over: set sql_mode in the parameter group as on the source, or try the application against the target.',
    ),
  ];
});
