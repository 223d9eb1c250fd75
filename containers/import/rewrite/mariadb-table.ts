import { FerryError } from '../../../core/errors.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens } from './table-tokens.ts';
import type { TableToken } from './table-tokens.ts';

/** Refuses sequences, and tables with a history or a period. */
export const mariadbTable: Rule = {
  name: 'mariadb-table',
  kinds: ['table'],
  concerns: /\bSEQUENCE\s*=|\bSYSTEM\s+VERSIONING\b|\bPERIOD\s+FOR\b/i,
  apply({ sql, object }) {
    const kind = kindOf(tableTokens(sql));
    if (kind === undefined) return undefined;
    throw new FerryError('ImportRejected', `\`${textOfBytes(object)}\` is ${kind}, on the source.`);
  },
};

function kindOf(tokens: readonly TableToken[]): string | undefined {
  const has = (first: string, second: string): boolean =>
    tokens.some(({ kind, upper, depth }, index) => kind === 'word' && depth <= 1 && upper === first && tokens[index + 1]?.upper === second);
  if (findOptions(tokens, 'SEQUENCE').some(({ keyword }) => keyword.isOption)) {
    return 'a sequence of MariaDB, which MySQL does not have: use a column with AUTO_INCREMENT, and drop it';
  }
  if (has('SYSTEM', 'VERSIONING')) return 'a table with system versioning, which MySQL does not have: ALTER TABLE … DROP SYSTEM VERSIONING, which drops its history,';
  if (has('PERIOD', 'FOR')) return 'a table with a period, which MySQL does not have: drop the period';
  return undefined;
}
