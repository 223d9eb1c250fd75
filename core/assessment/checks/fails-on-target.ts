import { patternKey } from '../../stored-objects/ask-target.ts';
import { objectName } from '../../stored-objects/stored-object.ts';
import type { DatabaseCheck } from '../check.ts';

export const failsOnTarget: DatabaseCheck = {
  id: 'fails-on-target',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I12'],
  cause:
    "The target, asked, refuses a regular expression that the object has, or has no such table of the server's own as its body reads.",
  consequence:
    'It arrives as it is, and fails when it is used: [[:<:]] and [[:>:]] in error 3685, a brace that stands for itself in 3692, REGEXP BINARY in 3995, mysql.proc in 1146.',
  remedy:
    "MySQL 8 has \\\\b for the edges of a word, \\\\{ for a brace, and REGEXP_LIKE(text, pattern, 'c') for BINARY; information_schema.ROUTINES for mysql.proc.",
  *find({ onTarget }) {
    if (onTarget === undefined) return;
    for (const object of onTarget.objects) {
      const { patterns, systemTables } = object.uses;
      const refused = patterns
        .filter((pattern) => onTarget.refusedPatterns.has(patternKey(pattern)))
        .map(({ value }) => `'${value}'`);
      const missing =
        object.kind === 'view'
          ? []
          : systemTables.filter((table) => onTarget.missingTables.has(table)).map((table) => table.replaceAll('`', ''));
      if (refused.length + missing.length > 0)
        yield { object: objectName(object), detail: [...new Set([...refused, ...missing])].join(', ') };
    }
  },
};
