import { edited } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens, withoutOption } from './table-tokens.ts';

const kept = new Set(['DYNAMIC', 'DEFAULT']);

/** Leaves the row format to the target, whose default is DYNAMIC. */
export const rowFormat: Rule = {
  name: 'row-format',
  kinds: ['table'],
  concerns: /\b(?:ROW_FORMAT|KEY_BLOCK_SIZE)\b/i,
  apply({ sql }) {
    const tokens = tableTokens(sql);
    const formats = findOptions(tokens, 'ROW_FORMAT').filter(({ keyword, value }) => keyword.isOption && !kept.has(value.upper));
    const dropped = [...formats, ...findOptions(tokens, 'KEY_BLOCK_SIZE')];
    return dropped.length === 0 ? undefined : edited(sql, dropped.map((option) => withoutOption(sql, option)));
  },
};
