/**
 * Regular expressions that MySQL before 8.0 took (the library of Henry Spencer), and MySQL 8.0 (ICU) refuses. Each form
 * was tried on both. Source: MySQL Reference Manual 8.0, "Regular Expression Compatibility Considerations".
 */
import type { Token } from '../sql-tokens.ts';

const refusedEscapes = /^[xuUNpP]$/;

/** Patterns that stand as literals behind REGEXP or RLIKE, without their quotes and escapes. */
export function patternsIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ upper }, index) => {
    if (upper !== 'REGEXP' && upper !== 'RLIKE') return [];
    // A word before it names the character set.
    const literal = tokens.slice(index + 1, index + 4).find(({ kind }) => kind === 'string')?.text;
    return literal === undefined
      ? []
      : [
          literal
            .slice(1, -1)
            .replaceAll("''", "'")
            .replaceAll(/\\([\s\S])/g, '$1'),
        ];
  });
}

/** What ICU does not take in a pattern: `[[:<:]]`, `{,2}`; undefined where it takes all. */
export function refusedByIcu(pattern: string): string | undefined {
  const boundary = /\[\[:[<>]:\]\]/.exec(pattern)?.[0];
  if (boundary !== undefined) return boundary;
  for (let at = 0; at < pattern.length;) {
    const [length, refused] = pieceAt(pattern.slice(at));
    if (refused) return pattern.slice(at, at + 12);
    at += length;
  }
  return undefined;
}

/** How long the next piece of a pattern is, and whether it is refused. */
function pieceAt(rest: string): readonly [length: number, refused: boolean] {
  if (rest.startsWith('\\')) return [2, refusedEscapes.test(rest[1] ?? '')];
  if (rest.startsWith('[')) return bracketAt(rest);
  const interval = /^\{\d+(?:,\d*)?\}/.exec(rest)?.[0];
  if (interval !== undefined) return [interval.length, false];
  return [1, rest.startsWith('{') || rest.startsWith('}')];
}

/** `[^]a[:alpha:]-]`: a bracket within it begins a set to ICU. */
function bracketAt(rest: string): readonly [length: number, refused: boolean] {
  const bracket = /^\[\^?\]?(?:\[[:.=][^\]]*[:.=]\]|[^\][]|\[(?![:.=]))*\]/.exec(rest)?.[0];
  if (bracket === undefined) return [1, true];
  return [
    bracket.length,
    bracket
      .slice(1)
      .replaceAll(/\[[:.=][^\]]*[:.=]\]/g, '')
      .includes('['),
  ];
}
