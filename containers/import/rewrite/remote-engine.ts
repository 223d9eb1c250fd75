import { FerryError } from '../../../core/errors.ts';
import { remoteEngines } from '../../../core/storage-engines.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import type { Rule } from './rule.ts';
import { engineOf } from './table-tokens.ts';

/** Refuses tables whose rows are elsewhere: mysqldump leaves them out, or copies what is not the database's own. */
export const remoteEngine: Rule = {
  name: 'remote-engine',
  kinds: ['table'],
  concerns: new RegExp(`\\bENGINE\\s*=?\\s*(?:${remoteEngines.join('|')})\\b`, 'i'),
  apply({ sql, object }) {
    const engine = engineOf(sql);
    if (!remoteEngines.includes(engine)) return undefined;
    throw new FerryError(
      'ImportRejected',
      `Table \`${textOfBytes(object)}\` is of the engine ${engine}, whose rows are not in this server: drop it on the source, or copy them to a table of InnoDB.`,
    );
  },
};
