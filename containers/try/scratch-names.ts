/** Leads a statement of a dump to the scratch database, where it names its own database before one of its objects. */
import { edited, firstTokens, nameIn, tokensOf } from '../../core/sql-tokens.ts';
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
  const tokens = [...tokensOf(sql)];
  const isNamed = (token: Token | undefined): boolean => token?.kind === 'identifier' && nameIn(token) === bytes;
  switch (kind) {
    case 'database':
      return edited(sql, tokens.filter(isNamed).slice(0, 1).map(replacing(to)));
    case 'trigger':
      return edited(
        sql,
        headOf(tokens).flatMap((token, index, head) => qualifierEdit(token, head[index + 1], to)),
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

const makers = new Set(['TABLE', 'VIEW', 'TRIGGER', 'EVENT', 'PROCEDURE', 'FUNCTION', 'DATABASE', 'SCHEMA']);

/** Whether a statement makes or changes something outside the scratch database: nothing of a dump should. */
export function leadsElsewhere(sql: string, to: string): boolean {
  const tokens = firstTokens(sql, 32);
  // The names of a definer are quoted.
  const at = tokens.findIndex(({ kind, upper }, index) => index > 0 && kind === 'word' && makers.has(upper));
  if (at === -1) return false;
  const [name, next] = tokens
    .slice(at + 1)
    .filter(({ kind, upper }) => kind !== 'word' || !['IF', 'NOT', 'EXISTS'].includes(upper));
  const isOfDatabase = ['DATABASE', 'SCHEMA'].includes(tokens[at]?.upper ?? '');
  const qualifier = name?.kind === 'word' && name.text.includes('.') ? name.text.split('.')[0] : nameIn(name);
  const isQualified =
    isOfDatabase || (name?.text.includes('.') === true && name.kind === 'word') || next?.text.startsWith('.') === true;
  return isQualified && qualifier !== to;
}

function replacing(to: string): (token: Token) => Edit {
  return ({ start, end }) => ({ start, end, text: `\`${to}\`` });
}

/** What of a trigger is not its body: the server keeps it as it was typed. */
function headOf(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(({ upper }, index) => upper === 'FOR' && tokens[index + 1]?.upper === 'EACH');
  return tokens.slice(0, end === -1 ? tokens.length : end);
}

/** `shop`.x, shop.x, shop.`x`: whatever stands before a dot is the database, in whichever case it was typed. */
function qualifierEdit(token: Token, next: Token | undefined, to: string): Edit[] {
  const { kind, text, start } = token;
  const dot = text.indexOf('.');
  if (kind === 'word' && dot > 0) return [{ start, end: start + dot, text: to }];
  const isBefore = next?.text.startsWith('.') === true && (kind === 'identifier' || kind === 'word');
  return isBefore ? [replacing(to)(token)] : [];
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
  return ['FROM', 'JOIN', 'STRAIGHT_JOIN', 'VIEW'].includes(tokens[before]?.upper ?? '');
}
