import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

const clause = /\b(?:DATA DIRECTORY|INDEX DIRECTORY|TABLESPACE)\b\s*=?\s*(?:'[^']*'|`[^`]*`|\w+)/gi;

export const filePlacement: DatabaseCheck = {
  id: 'file-placement',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I5'],
  cause: 'The table, or a partition of it, names a directory or a tablespace.',
  consequence: 'Aurora places tables itself: the clause is left out.',
  remedy: 'None is needed. Directories, and tablespaces of tables without partitions, are only seen in their definitions: --also definitions.',
  find: (database) =>
    lookAtTables(database, ({ name, partitions, options }) => {
      const definition = database.costly.definitions.get(name) ?? '';
      const written = /\)([^)]*)$/.exec(definition)?.[1]?.match(clause) ?? [];
      const named = partitions.flatMap(({ tablespace }) => (tablespace === null || tablespace === '' ? [] : [`TABLESPACE ${tablespace}`]));
      const inOptions = options.match(clause) ?? [];
      const clauses = [...new Set([...written, ...named, ...inOptions])].filter((each) => !/innodb_file_per_table/i.test(each));
      return clauses.length === 0 ? undefined : clauses.join(', ');
    }),
};
