import { FerryError } from '../../../core/errors.ts';
import { edited, firstTokens } from '../../../core/sql-tokens.ts';
import type { Token } from '../../../core/sql-tokens.ts';
import { bytesAsText, textOfBytes } from '../../common/mysql-session.ts';
import type { Rule } from './rule.ts';

/** CREATE, its options, and the definer come before the object's name. */
const tokensToRead = 24;

/** Replaces a definer that the target does not have, when the operator has named a replacement. */
export const missingDefiner: Rule = {
  name: 'missing-definer',
  kinds: ['view', 'routine', 'trigger', 'event'],
  concerns: /\bDEFINER\s*=/i,
  apply({ sql, reading, definer, object }, { definers }) {
    if (definers === undefined) return undefined;
    const tokens = firstTokens(sql, tokensToRead, reading);
    const at = tokens.findIndex(({ kind, upper }, index) => kind === 'word' && upper === 'DEFINER' && tokens[index + 1]?.text === '=');
    const [user, sign, host] = tokens.slice(at + 2, at + 5);
    if (at < 0 || user === undefined || host === undefined || sign?.text !== '@') return undefined;
    const [userName, hostName] = definer?.map(bytesAsText) ?? [unquoted(user), unquoted(host)];
    if (definers.isOnTarget(userName ?? '', hostName ?? '')) return undefined;
    const { replacement } = definers;
    const characterSet = reading?.characterSet ?? '';
    if (/[\x80-\xff]/.test(replacement) && !/^(?:utf8|binary|$)/i.test(characterSet)) {
      const who = `\`${textOfBytes(object)}\` was made by a client with ${characterSet}`;
      throw new FerryError('ImportRejected', `${who}: name an account with ASCII letters only with --definer.`);
    }
    return edited(sql, [{ start: user.start, end: host.end, text: replacement }]);
  },
};

/** SHOW CREATE quotes both parts as identifiers; what wrote a dump by hand may have used quotes of strings. */
function unquoted({ kind, text }: Token): string {
  if (kind === 'word') return text;
  const quote = text.slice(0, 1);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
