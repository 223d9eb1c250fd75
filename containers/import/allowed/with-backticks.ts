/** A statement whose names are in double quotes, as under ANSI_QUOTES, with backticks instead, which the rules know. */
import { edited } from '../../../core/sql-tokens.ts';
import { strictTokens } from './strict-tokens.ts';
import type { Reading } from './strict-tokens.ts';

/** @throws Refusal */
export function withBackticks(sql: string, reading: Reading): string {
  const quoted = [...strictTokens(sql, reading)].filter(({ kind, start }) => kind === 'name' && sql.charAt(start) === '"');
  return edited(sql, quoted.map(({ text, start, end }) => ({ start, end, text: `\`${text.replaceAll('`', '``')}\`` })));
}
