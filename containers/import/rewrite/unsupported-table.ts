import { FerryError } from '../../../core/errors.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import { nameIn } from '../sql-tokens.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens } from './table-tokens.ts';
import type { TableToken } from './table-tokens.ts';

/** By engine, in upper case: what such a table is, and what to do on the source. */
const engines: Readonly<Record<string, string>> = {
  MRG_MYISAM: 'a MERGE table, which InnoDB does not have: make it a view, or drop it',
  MERGE: 'a MERGE table, which InnoDB does not have: make it a view, or drop it',
  FEDERATED: 'a FEDERATED table, whose rows are on another server and in no dump: drop it, and reach that server otherwise',
  FEDERATEDX: 'a FEDERATED table, whose rows are on another server and in no dump: drop it, and reach that server otherwise',
  CONNECT: 'a CONNECT table, whose rows are outside of the server: copy them to a table of InnoDB, or drop it',
  SPIDER: 'a SPIDER table, whose rows are on other servers: copy them to a table of InnoDB, or drop it',
  S3: 'an S3 table, whose rows are in a bucket: ALTER TABLE … ENGINE=InnoDB, or drop it',
};

/** Refuses tables that would arrive without their rows or without their meaning. */
export const unsupportedTable: Rule = {
  name: 'unsupported-table',
  kinds: ['table'],
  concerns: /\bENGINE\s*=?\s*(?!InnoDB\b)|\bSEQUENCE\s*=|\bSYSTEM\s+VERSIONING\b|\bPERIOD\s+FOR\b/i,
  apply({ sql, object }) {
    const tokens = tableTokens(sql);
    const kind = engineKind(tokens) ?? mariadbKind(tokens);
    if (kind === undefined) return undefined;
    throw new FerryError('ImportRejected', `Table \`${textOfBytes(object)}\` is ${kind}, on the source.`);
  },
};

function engineKind(tokens: readonly TableToken[]): string | undefined {
  const [engine] = findOptions(tokens, 'ENGINE').filter(({ keyword }) => keyword.isOption);
  return engines[nameIn(engine?.value).toUpperCase()];
}

function mariadbKind(tokens: readonly TableToken[]): string | undefined {
  const has = (...words: readonly string[]): boolean =>
    tokens.some((token, index) => token.kind === 'word' && token.depth <= 1 && words.every((word, offset) => tokens[index + offset]?.upper === word));
  if (findOptions(tokens, 'SEQUENCE').some(({ keyword }) => keyword.isOption)) {
    return 'a sequence of MariaDB, which MySQL does not have: use a column with AUTO_INCREMENT, and drop it';
  }
  if (has('SYSTEM', 'VERSIONING')) return 'a table with system versioning, which MySQL does not have: ALTER TABLE … DROP SYSTEM VERSIONING, which drops its history,';
  if (has('PERIOD', 'FOR')) return 'a table with a period, which MySQL does not have: drop the period';
  return undefined;
}
