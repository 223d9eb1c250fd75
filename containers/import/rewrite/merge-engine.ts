import { FerryError } from '../../../core/errors.ts';
import { mergeEngines } from '../../../core/storage-engines.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import type { Rule } from './rule.ts';
import { engineOf } from './table-tokens.ts';

/** Refuses tables that show the rows of other tables: mysqldump leaves their rows out. */
export const mergeEngine: Rule = {
  name: 'merge-engine',
  kinds: ['table'],
  concerns: new RegExp(`\\bENGINE\\s*=?\\s*(?:${mergeEngines.join('|')})\\b`, 'i'),
  apply({ sql, object }) {
    if (!mergeEngines.includes(engineOf(sql))) return undefined;
    throw new FerryError(
      'ImportRejected',
      `Table \`${textOfBytes(object)}\` is a MERGE table, which InnoDB does not have: make it a view, or drop it, on the source.`,
    );
  },
};
