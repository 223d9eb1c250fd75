/** String literals of a statement, and what they stand for. */
import type { Token } from '../sql-tokens.ts';

export interface Literal {
  readonly value: string;
  /** The place of the token behind it. */
  readonly next: number;
}

/**
 * At a place in a statement's tokens: with its introducer of a character set, and the literals that follow it as parts
 * of it.
 */
export function literalAt(tokens: readonly Token[], place: number): Literal | undefined {
  const hasIntroducer = tokens[place]?.kind === 'word' && /^(?:_\w+|N)$/i.test(tokens[place].text);
  let next = hasIntroducer ? place + 1 : place;
  const parts: string[] = [];
  for (let token = tokens[next]; token?.kind === 'string'; token = tokens[next]) {
    parts.push(valueOf(token.text));
    next += 1;
  }
  return parts.length === 0 ? undefined : { value: Buffer.from(parts.join(''), 'latin1').toString('utf8'), next };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  0: '\0',
  Z: '\u001a',
  '%': '\\%',
  _: '\\_',
};

function valueOf(quoted: string): string {
  const quote = quoted.slice(0, 1);
  return quoted
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replace(/\\([\s\S])/g, (_whole, character: string) => escapes[character] ?? character);
}

/** The tokens between the parenthesis at a place and its end, parted at the commas of its own level. */
export function argumentsAt(tokens: readonly Token[], open: number): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(open)) {
    if (token.text === ')') depth -= 1;
    if (depth === 0 && token.text === ')') return parts;
    if (depth === 1 && token.text === ',') parts.push([]);
    else if (depth > 0) parts.at(-1)?.push(token);
    if (token.text === '(') depth += 1;
  }
  return parts;
}
