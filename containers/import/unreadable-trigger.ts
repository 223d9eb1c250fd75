/**
 * Triggers that MySQL 8 and later make and cannot read again: it keeps their names, and that of the table, in UTF-8,
 * but reads them back in the character set of the client that made them. Where a letter's last byte and the quote behind
 * it are one character there, every statement that would fire the trigger fails (tried on 8.0 and 9.7).
 */
import { FerryError } from '../../core/errors.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { tokensOf } from '../../core/sql-tokens.ts';
import type { Reading } from '../../core/sql-tokens.ts';
import { bytesAsText } from '../common/mysql-session.ts';
import type { Measure } from '../common/measured-statements.ts';

/** @throws FerryError ImportRejected */
export function refuseUnreadableTrigger({ object, table }: Measure, { characterSet }: Reading): void {
  // Only the line of a trigger names a table.
  if (object === undefined || table === undefined) return;
  const broken = [object, table].find((name) => !isRead(name, characterSet));
  if (broken === undefined) return;
  const why = `was made by a client with ${characterSet}, in which MySQL 8 could not read the name \`${broken}\` again`;
  const remedy = 'drop it on the source and make it again after SET NAMES utf8, then redrive from the dump';
  throw new FerryError('ImportRejected', `The trigger \`${object}\` ${why}: ${remedy}.`);
}

function isRead(name: string, characterSet: string): boolean {
  const quoted = bytesAsText(quoteIdentifier(name));
  const [token, ...others] = tokensOf(quoted, { backslashEscapes: true, ansiQuotes: false, characterSet });
  return others.length === 0 && token?.kind === 'identifier';
}
