import { edited } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';
import { definitionsOf, tableTokens } from './table-tokens.ts';
import type { TableToken } from './table-tokens.ts';

/** Gives the AUTO_INCREMENT column an index that it leads. */
export const autoIncrementKey: Rule = {
  name: 'auto-increment-key',
  kinds: ['table'],
  concerns: /\bAUTO_INCREMENT\b(?!=)/i,
  apply({ sql }) {
    // The common case, for which no token is needed: the primary key begins with the column.
    const name = /^\s*(`(?:[^`]|``)+`)[^\n]*\bAUTO_INCREMENT\b/m.exec(sql)?.[1];
    if (name !== undefined && (sql.includes(`\n  PRIMARY KEY (${name})`) || sql.includes(`\n  PRIMARY KEY (${name},`))) return undefined;
    const tokens = tableTokens(sql);
    const definitions = definitionsOf(tokens);
    const column = definitions.find((definition) => definition.some(({ kind, upper, depth }) => kind === 'word' && depth === 1 && upper === 'AUTO_INCREMENT'))?.[0];
    if (column?.kind !== 'identifier') return undefined;
    if (definitions.some((definition) => leadingColumn(definition) === column.text)) return undefined;
    const end = tokens.find(({ text, depth }) => text === ')' && depth === 0);
    if (end === undefined) return undefined;
    return edited(sql, [{ start: end.start, end: end.start, text: `, KEY (${column.text})` }]);
  },
};

/** Of an index definition: the first column in its parentheses. FULLTEXT and SPATIAL indexes do not count. */
function leadingColumn(definition: readonly TableToken[]): string | undefined {
  const first = definition[0];
  if (first?.kind !== 'word' || !['PRIMARY', 'UNIQUE', 'KEY', 'INDEX', 'CONSTRAINT'].includes(first.upper)) return undefined;
  if (definition.some(({ kind, upper }) => kind === 'word' && ['FOREIGN', 'CHECK'].includes(upper))) return undefined;
  return definition.find(({ depth }) => depth === 2)?.text;
}
