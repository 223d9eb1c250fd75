import type { DatabaseCheck } from '../check.ts';
import { bodiesOf, isWord } from '../sql-scan.ts';

export const replicationSyntax: DatabaseCheck = {
  id: 'replication-syntax',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I12'],
  cause: 'A body has a statement of replication by its old name: SHOW SLAVE STATUS, SHOW MASTER STATUS, CHANGE MASTER and the like.',
  consequence: 'MySQL 8.4 refuses it as a syntax error (1064), and Aurora grants what it needs to nobody.',
  remedy: 'Drop the object: the source that it looked after is not there any more.',
  *find(database) {
    for (const { object, tokens } of bodiesOf(database)) {
      const isOld = tokens.some((token, index) => isWord(token, 'SHOW', 'CHANGE', 'START', 'STOP', 'RESET', 'PURGE') && isWord(tokens[index + 1], 'SLAVE', 'MASTER'));
      if (isOld) yield { object };
    }
  },
};
