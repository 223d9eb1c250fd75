import { edited, nameIn } from '../sql-tokens.ts';
import type { Edit } from '../sql-tokens.ts';
import type { Rule } from './rule.ts';
import { tableTokens } from './table-tokens.ts';

/** Writes out the collation that the source left unsaid because it was its default. */
export const explicitCollation: Rule = {
  name: 'explicit-collation',
  reason: "Without COLLATE, utf8mb4 means utf8mb4_general_ci before MySQL 8.0 and utf8mb4_0900_ai_ci since: other equality, other unique keys.",
  kinds: ['table'],
  concerns: /\butf8mb4\b/i,
  apply({ sql }, { sourceVersion }) {
    if (!defaultsToGeneral(sourceVersion)) return undefined;
    const tokens = tableTokens(sql);
    const edits = tokens.flatMap((token, index): Edit[] => {
      // Deeper parentheses hold expressions, where a type takes no COLLATE.
      if (token.kind !== 'word' || token.depth > (token.isOption ? 0 : 1)) return [];
      const previous = tokens[index - 1];
      const isCharacterSet = token.upper === 'CHARSET' || (token.upper === 'SET' && previous?.upper === 'CHARACTER');
      if (!isCharacterSet) return [];
      const assigned = tokens[index + 1]?.text === '=';
      const value = tokens[assigned ? index + 2 : index + 1];
      const following = tokens[assigned ? index + 3 : index + 2];
      if (nameIn(value).toLowerCase() !== 'utf8mb4' || value === undefined || following?.upper === 'COLLATE') return [];
      return [{ start: value.end, end: value.end, text: ` COLLATE${assigned ? '=' : ' '}utf8mb4_general_ci` }];
    });
    return edits.length === 0 ? undefined : edited(sql, edits);
  },
};

/** MySQL before 8.0.1, and MariaDB before 11.5. */
function defaultsToGeneral(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (/mariadb/i.test(version)) return major < 11 || (major === 11 && minor < 5);
  return major < 8;
}
