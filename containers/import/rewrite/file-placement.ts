import { edited } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens, withoutOption } from './table-tokens.ts';

const options = ['DATA DIRECTORY', 'INDEX DIRECTORY', 'TABLESPACE', 'STORAGE'];

/** Drops where the files of tables and partitions lay. */
export const filePlacement: Rule = {
  name: 'file-placement',
  kinds: ['table'],
  concerns: /\b(?:DIRECTORY|TABLESPACE|STORAGE)\b/i,
  apply({ sql }) {
    const tokens = tableTokens(sql);
    const dropped = options.flatMap((name) => findOptions(tokens, name).filter(({ keyword }) => keyword.isOption));
    return dropped.length === 0 ? undefined : edited(sql, dropped.map((option) => withoutOption(sql, option)));
  },
};
