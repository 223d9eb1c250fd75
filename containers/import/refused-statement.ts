/** Says which statement of a dump was refused: its place and its beginning, and never a value. */
import { FerryError } from '../../core/errors.ts';
import { textOfBytes } from '../common/mysql-session.ts';
import type { Refusal } from './allowed/strict-tokens.ts';
import type { SqlPart } from './dump-parts.ts';

/** What follows may be a value, or a password. */
const values = /['"=(;]|(?<![\w`$])[+-]?\d|\bVALUES\b/i;
const shownCharacters = 100;
const newline = 0x0a;

export interface Place {
  readonly reader: SqlPart;
  /** Bytes from the beginning of the part's SQL. */
  readonly startedAt: number;
  /** The statement's first bytes as text, its characters bytes. */
  readonly sql: string;
}

export async function refusedStatement(
  database: string,
  { message }: Refusal,
  { reader, startedAt, sql }: Place,
): Promise<FerryError> {
  const part = reader.part.key.slice(reader.part.key.lastIndexOf('/') + 1);
  const where = `line ${await lineAt(reader, startedAt)} (byte ${startedAt}) of ${part}`;
  return new FerryError('DumpRefused', `The dump of \`${database}\` was refused at ${where}: ${message}. The statement begins: ${beginning(sql)} … Nothing was done on the target.`);
}

function beginning(sql: string): string {
  const text = textOfBytes(sql.slice(0, 4 * shownCharacters)).replace(/\s+/g, ' ').trim();
  const end = values.exec(text)?.index ?? text.length;
  return text.slice(0, Math.min(end, shownCharacters)).trim();
}

async function lineAt(reader: SqlPart, offset: number): Promise<number> {
  let [line, before] = [1, 0];
  for await (const chunk of reader.sql()) {
    const end = Math.min(chunk.length, offset - before);
    for (let at = chunk.indexOf(newline); at >= 0 && at < end; at = chunk.indexOf(newline, at + 1)) line += 1;
    before += chunk.length;
    if (before >= offset) break;
  }
  return line;
}
