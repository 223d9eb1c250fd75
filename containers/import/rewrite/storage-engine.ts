import { FerryError } from '../../../core/errors.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import { edited, nameIn } from '../sql-tokens.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens } from './table-tokens.ts';

/** Every engine to InnoDB, of the table and of each of its partitions. */
export const storageEngine: Rule = {
  name: 'storage-engine',
  reason: 'Aurora stores tables with InnoDB only. Whether it refuses another engine or silently replaces it depends on sql_mode.',
  kinds: ['table'],
  concerns: /\bENGINE\s*=?\s*(?!InnoDB\b)/i,
  apply({ sql, object }) {
    const engines = findOptions(tableTokens(sql), 'ENGINE').filter(({ keyword }) => keyword.isOption);
    const others = engines.filter(({ value }) => nameIn(value).toUpperCase() !== 'INNODB');
    if (others.length === 0) return undefined;
    if (others.some(({ value }) => ['MRG_MYISAM', 'MERGE'].includes(nameIn(value).toUpperCase()))) {
      throw new FerryError(
        'ImportRejected',
        `Table \`${textOfBytes(object)}\` is a MERGE table, which InnoDB does not have: make it a view, or drop it, on the source.`,
      );
    }
    return edited(sql, others.map(({ value }) => ({ start: value.start, end: value.end, text: 'InnoDB' })));
  },
};
