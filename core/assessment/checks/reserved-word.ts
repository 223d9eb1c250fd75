import type { DatabaseCheck } from '../check.ts';
import { newReservedWords } from '../reserved-words.ts';
import { bodiesOf } from '../sql-scan.ts';

export const reservedWord: DatabaseCheck = {
  id: 'reserved-word',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I12'],
  cause: 'The body uses a name without quotes that became a reserved word in MySQL 8.0 or later: rank, groups, lead, system, library and others.',
  consequence: 'The target refuses it as a syntax error (1064). Names in table definitions are quoted by the dump and are not concerned.',
  remedy: 'Quote the name in the body (`rank`), or rename what it names: SHOW CREATE, then drop and create it again on the source.',
  *find(database, { source, target }) {
    const words = newReservedWords(source, target);
    for (const { object, kind, tokens } of bodiesOf(database)) {
      // The source prints views with all names quoted.
      if (kind === 'view') continue;
      const used = new Set<string>();
      for (const [index, { kind: token, upper }] of tokens.entries()) {
        // After a dot any word is a name, and before one only the first part counts.
        const [first = ''] = upper.split('.');
        // SET time_zone = SYSTEM is no name, and stays.
        const isValue = first === 'SYSTEM' && tokens[index - 1]?.text === '=';
        if (token === 'word' && words.has(first) && !isValue) used.add(first.toLowerCase());
      }
      if (used.size > 0) yield { object, detail: [...used].sort().join(', ') };
    }
  },
};
