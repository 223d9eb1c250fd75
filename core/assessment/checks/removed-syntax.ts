import type { Token } from '../../sql-tokens.ts';
import type { DatabaseCheck } from '../check.ts';
import { bodiesOf, isWord } from '../sql-scan.ts';
import { isMySqlAtLeast } from '../../mysql-versions.ts';

interface Construct {
  readonly name: string;
  readonly begins: (token: Token, next: (offset: number) => Token | undefined) => boolean;
}

/** What EXPLAIN explains: a statement, not a table called `extended`. */
const explained = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE'];

/** Each was tried on MySQL 9.7, and ends there in error 1064. */
const constructs: readonly Construct[] = [
  { name: 'SQL_CACHE', begins: (token) => isWord(token, 'SQL_CACHE') },
  { name: 'PROCEDURE ANALYSE', begins: (token, next) => isWord(token, 'PROCEDURE') && isWord(next(1), 'ANALYSE') && next(2)?.text === '(' },
  { name: '\\N for NULL', begins: (token, next) => token.text === '\\' && next(1)?.text === 'N' },
  { name: 'a table name that begins with a dot', begins: (token, next) => isWord(token, 'FROM', 'JOIN', 'INTO', 'UPDATE') && /^\.(?:\D|$)/.test(next(1)?.text ?? '') },
  { name: 'FLUSH QUERY CACHE', begins: (token, next) => isWord(token, 'FLUSH', 'RESET') && isWord(next(1), 'QUERY') && isWord(next(2), 'CACHE') },
  { name: 'GRANT … IDENTIFIED BY', begins: (token, next) => isWord(token, 'GRANT') && grantsWithPassword(next) },
  { name: 'EXPLAIN EXTENDED', begins: (token, next) => isWord(token, 'EXPLAIN', 'DESCRIBE', 'DESC') && isWord(next(1), 'EXTENDED', 'PARTITIONS') && isWord(next(2), ...explained) },
  { name: 'TYPE= for ENGINE=', begins: (token, next) => token.text === ')' && isWord(next(1), 'TYPE') && next(2)?.text === '=' },
];

export const removedSyntax: DatabaseCheck = {
  id: 'removed-syntax',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I12'],
  cause: 'A body has syntax that MySQL 8.0 dropped.',
  consequence: 'The target refuses it (error 1064).',
  remedy: 'Take it out, or write it in the present way, on the source: SHOW CREATE, then drop and create it again.',
  *find(database, { source }) {
    if (isMySqlAtLeast(source.version, 8)) return;
    for (const { object, tokens } of bodiesOf(database)) {
      const found = constructs.filter(({ begins }) => tokens.some((token, index) => begins(token, (offset) => tokens[index + offset])));
      if (found.length > 0) yield { object, detail: found.map(({ name }) => name).join(', ') };
    }
  },
};

function grantsWithPassword(next: (offset: number) => Token | undefined): boolean {
  for (let offset = 1; ; offset += 1) {
    const token = next(offset);
    if (token === undefined || token.text === ';') return false;
    if (isWord(token, 'IDENTIFIED')) return true;
  }
}
