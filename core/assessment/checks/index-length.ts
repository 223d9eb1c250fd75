import type { DatabaseCheck } from '../check.ts';
import type { ColumnFacts, IndexFacts } from '../facts.ts';
import { lookAtTables } from '../look.ts';

const [compactLimit, dynamicLimit] = [767, 3072];

export const indexLength: DatabaseCheck = {
  id: 'index-length',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I2'],
  cause: 'An index holds more than 767 bytes of a column.',
  consequence: 'It fits into the DYNAMIC rows that Ferry gives the table (3,072 bytes), and into nothing else: a copy with ROW_FORMAT=COMPACT is refused (error 1071). Above 3,072 bytes the index is shortened, or refused if it is unique.',
  remedy: 'None is needed up to 3,072 bytes. Above, shorten the prefix of the index on the source.',
  find: (database) =>
    lookAtTables(database, ({ indexes, columns }) => {
      const byName = new Map(columns.map((column) => [column.name, column]));
      const long = indexes.flatMap((index) => {
        const bytes = longestPart(index, byName);
        return bytes > compactLimit ? [`${index.name}: ${bytes} bytes${bytes > dynamicLimit ? ', too many' : ''}`] : [];
      });
      return long.length === 0 ? undefined : long.join(', ');
    }),
};

function longestPart({ type, columns }: IndexFacts, byName: ReadonlyMap<string, ColumnFacts>): number {
  if (type === 'FULLTEXT' || type === 'SPATIAL') return 0;
  return Math.max(
    ...columns.map(({ name, prefix }) => {
      const column = byName.get(name);
      if (column?.maximumBytes === null || column === undefined) return 0;
      const width = column.maximumLength === null || column.maximumLength === 0 ? 1 : column.maximumBytes / column.maximumLength;
      // A TEXT says its length in bytes.
      const perCharacter = column.dataType.endsWith("text") ? ((column.characterSet ?? '').startsWith("utf8mb4") ? 4 : (column.characterSet ?? '').startsWith("utf8") ? 3 : 1) : width;
      return prefix === null ? column.maximumBytes : prefix * perCharacter;
    }),
  );
}
