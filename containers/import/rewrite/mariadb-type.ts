import { FerryError } from '../../../core/errors.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import type { Rule } from './rule.ts';
import { columnsOf, tableTokens } from './table-tokens.ts';

/** What holds the same values in MySQL. */
const replacements: Readonly<Record<string, string>> = { UUID: 'CHAR(36)', INET4: 'VARCHAR(15)', INET6: 'VARCHAR(39)' };

/** Refuses columns of types that MySQL does not have. */
export const mariadbType: Rule = {
  name: 'mariadb-type',
  kinds: ['table'],
  concerns: /`\s+(?:uuid|inet4|inet6)\b/i,
  apply({ sql, object }) {
    const column = columnsOf(tableTokens(sql)).find(({ type }) => replacements[type] !== undefined);
    if (column === undefined) return undefined;
    const [table, name] = [textOfBytes(object), textOfBytes(column.name)];
    throw new FerryError(
      'ImportRejected',
      `Column \`${name}\` of table \`${table}\` is of the type ${column.type.toLowerCase()}, which MySQL does not have: ALTER TABLE \`${table}\` MODIFY \`${name}\` ${replacements[column.type] ?? ''} on the source.`,
    );
  },
};
