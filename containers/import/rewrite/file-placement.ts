import { edited } from '../sql-tokens.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens, withoutOption } from './table-tokens.ts';

const options = ['DATA DIRECTORY', 'INDEX DIRECTORY', 'TABLESPACE', 'STORAGE', 'INSERT_METHOD', 'PAGE_CHECKSUM', 'TRANSACTIONAL'];

/** Drops where and how files of the source's engine lay. */
export const filePlacement: Rule = {
  name: 'file-placement',
  reason: 'Aurora places tables itself: it has neither directories nor named tablespaces, nor the options of other engines’ files.',
  kinds: ['table'],
  concerns: /\b(?:DIRECTORY|TABLESPACE|STORAGE|INSERT_METHOD|PAGE_CHECKSUM|TRANSACTIONAL)\b/i,
  apply({ sql }) {
    const tokens = tableTokens(sql);
    const dropped = options.flatMap((name) => findOptions(tokens, name).filter(({ keyword }) => keyword.isOption));
    return dropped.length === 0 ? undefined : edited(sql, dropped.map((option) => withoutOption(sql, option)));
  },
};
