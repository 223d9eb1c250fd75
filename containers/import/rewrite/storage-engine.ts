import { edited, nameIn } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens } from './table-tokens.ts';

/** Every engine to InnoDB, of the table and of each of its partitions. */
export const storageEngine: Rule = {
  name: 'storage-engine',
  kinds: ['table'],
  concerns: /\bENGINE\s*=?\s*(?!InnoDB\b)/i,
  apply({ sql }) {
    const engines = findOptions(tableTokens(sql), 'ENGINE').filter(({ keyword }) => keyword.isOption);
    const others = engines.filter(({ value }) => nameIn(value).toUpperCase() !== 'INNODB');
    if (others.length === 0) return undefined;
    return edited(sql, others.map(({ value }) => ({ start: value.start, end: value.end, text: 'InnoDB' })));
  },
};
