/** Leads a statement of a dump to the scratch database, where it names its own database before one of its objects. */
import { edited, nameIn, tokensOf } from '../../core/sql-tokens.ts';
import type { Edit, Token } from '../../core/sql-tokens.ts';
import { bytesAsText } from '../common/mysql-session.ts';
import type { StatementKind } from '../import/statement-kinds.ts';

export interface Renaming {
  readonly from: string;
  /** Of letters that need no quotes. */
  readonly to: string;
}

/**
 * Tables are not concerned, as the server writes them without their database; nor are bodies, whose names the server
 * looks at only when they are run.
 * @param sql characters are bytes
 */
export function renamed(sql: string, kind: StatementKind, { from, to }: Renaming): string {
  const bytes = bytesAsText(from);
  if (!sql.includes(bytes.replaceAll('`', '``')) && !sql.includes(bytes)) return sql;
  const tokens = [...tokensOf(sql)];
  const isNamed = (token: Token | undefined): boolean => token?.kind === 'identifier' && nameIn(token) === bytes;
  switch (kind) {
    case 'database':
      return edited(sql, tokens.filter(isNamed).slice(0, 1).map(replacing(to)));
    case 'trigger':
      return edited(
        sql,
        headOf(tokens).flatMap((token, index, head) => qualifierEdit(token, head[index + 1], bytes, to)),
      );
    case 'view':
      return edited(
        sql,
        tokens.filter((token, index) => isNamed(token) && isDatabase(tokens, index)).map(replacing(to)),
      );
    default:
      return sql;
  }
}

function replacing(to: string): (token: Token) => Edit {
  return ({ start, end }) => ({ start, end, text: `\`${to}\`` });
}

/** What of a trigger is not its body: the server keeps it as it was typed. */
function headOf(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(({ upper }, index) => upper === 'FOR' && tokens[index + 1]?.upper === 'EACH');
  return tokens.slice(0, end === -1 ? tokens.length : end);
}

/** `shop`.x, shop.x, shop.`x` and with blanks between them: a bare word goes as far as its dots do. */
function qualifierEdit(token: Token, next: Token | undefined, from: string, to: string): Edit[] {
  const { kind, text, start } = token;
  if (kind === 'word' && text.startsWith(`${from}.`)) return [{ start, end: start + from.length, text: to }];
  const isBefore = next?.text.startsWith('.') === true && (kind === 'identifier' || kind === 'word');
  return isBefore && nameIn(token) === from ? [replacing(to)(token)] : [];
}

/**
 * As the server writes a view: a table or a function with its database, or a column with both; not a column with its
 * table alone.
 */
function isDatabase(tokens: readonly Token[], index: number): boolean {
  if (tokens[index + 1]?.text !== '.') return false;
  const after = tokens[index + 3]?.text;
  if (after === '.' || after === '(') return true;
  let before = index - 1;
  while (tokens[before]?.text === '(') before -= 1;
  return ['FROM', 'JOIN', 'STRAIGHT_JOIN'].includes(tokens[before]?.upper ?? '');
}
