/**
 * Expressions of generated columns as SHOW CREATE TABLE prints them. MySQL 8 has converted their literals to the character set of
 * what they meet, and that is the text that a dump has. It is read as bytes, because a literal's are of its own character set.
 */
import { quoteIdentifier } from '../../core/names.ts';
import { literalValue } from '../../core/objects/expressions.ts';
import { tokensOf } from '../../core/sql-tokens.ts';
import type { Token } from '../../core/sql-tokens.ts';
import { bytesAsText, textOfBytes } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

/** @returns by the name of the column, as text that can be run; @throws what the server answers */
export async function readShownExpressions(session: MysqlSession, table: string, columns: readonly string[]): Promise<Map<string, string>> {
  await session.execute('SET character_set_results = NULL');
  try {
    const [row] = await session.queryBytes(`SHOW CREATE TABLE ${quoteIdentifier(table)}`);
    const lines = (row?.[1]?.toString('latin1') ?? '').split('\n');
    return new Map(
      columns.flatMap((column) => {
        const line = lines.find((each) => each.startsWith(`  ${bytesAsText(quoteIdentifier(column))} `)) ?? '';
        const expression = expressionIn(line);
        return expression === undefined ? [] : [[column, textOfBytes(withHexLiterals(expression))] as const];
      }),
    );
  } finally {
    await session.execute('SET character_set_results = utf8mb4');
  }
}

/** Between the parentheses of GENERATED ALWAYS AS. */
function expressionIn(line: string): string | undefined {
  const tokens = Array.from(tokensOf(line));
  const opening = tokens.findIndex((_token, index) => ['GENERATED', 'ALWAYS', 'AS', '('].every((word, step) => tokens[index + step]?.upper === word)) + 3;
  const closing = opening < 3 ? undefined : closingOf(tokens.slice(opening));
  return closing === undefined ? undefined : line.slice(tokens[opening]?.end, closing.start);
}

/** @param tokens the first is an opening parenthesis */
function closingOf(tokens: readonly Token[]): Token | undefined {
  let depth = 0;
  return tokens.find(({ kind, text }) => {
    if (kind === 'symbol' && text === '(') depth += 1;
    if (kind === 'symbol' && text === ')') depth -= 1;
    return depth === 0;
  });
}

/** @param text whose characters are bytes */
function withHexLiterals(text: string): string {
  return text.replace(/`(?:[^`]|``)*`|(_\w+)('(?:[^'\\]|\\[\s\S]|'')*')|'(?:[^'\\]|\\[\s\S]|'')*'/g, (whole, introducer?: string, literal?: string) => {
    if (introducer === undefined || literal === undefined || !/[\u0080-\uffff]/.test(literal)) return whole;
    return `${introducer} 0x${Buffer.from(literalValue(literal), 'latin1').toString('hex')}`;
  });
}
