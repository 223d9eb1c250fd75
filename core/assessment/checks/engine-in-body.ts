import type { DatabaseCheck } from '../check.ts';
import { bodiesOf, isWord } from '../sql-scan.ts';

export const engineInBody: DatabaseCheck = {
  id: 'engine-in-body',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I1'],
  cause: 'A body makes tables with an engine of their own (ENGINE=MyISAM, ENGINE=MEMORY).',
  consequence: 'It arrives. When it runs, Aurora refuses the table (error 3161) or makes it InnoDB, depending on sql_mode.',
  remedy: 'Leave ENGINE= out of the body.',
  *find(database) {
    for (const { object, tokens } of bodiesOf(database)) {
      const engines = tokens.flatMap((token, index) => {
        if (!isWord(token, 'ENGINE')) return [];
        const value = tokens[index + 1]?.text === '=' ? tokens[index + 2] : tokens[index + 1];
        return value?.kind === 'word' && value.upper !== 'INNODB' ? [value.text] : [];
      });
      if (engines.length > 0) yield { object, detail: [...new Set(engines)].join(', ') };
    }
  },
};
