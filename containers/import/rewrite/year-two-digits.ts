import { FerryError } from '../../../core/errors.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import type { Rule } from './rule.ts';
import { columnsOf, tableTokens } from './table-tokens.ts';

/** Refuses YEAR(2), of which a dump keeps two digits. Source: MySQL Reference Manual 5.6, "2-Digit YEAR(2) Limitations". */
export const yearTwoDigits: Rule = {
  name: 'year-two-digits',
  kinds: ['table'],
  concerns: /\bYEAR\s*\(\s*2\s*\)/i,
  apply({ sql, object }) {
    const column = columnsOf(tableTokens(sql)).find(({ type, tokens }) => type === 'YEAR' && tokens[2]?.text === '(' && tokens[3]?.text === '2');
    if (column === undefined) return undefined;
    const [table, name] = [textOfBytes(object), textOfBytes(column.name)];
    throw new FerryError(
      'ImportRejected',
      `Column \`${name}\` of table \`${table}\` is YEAR(2), whose dump has lost the century: ALTER TABLE \`${table}\` MODIFY \`${name}\` YEAR(4) on the source, and dump again.`,
    );
  },
};
