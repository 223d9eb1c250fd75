import type { DatabaseCheck } from '../check.ts';
import { lookAtTables, variable } from '../look.ts';

const gibibyte = 1024 ** 3;

export const rowExceedsPacket: DatabaseCheck = {
  id: 'row-exceeds-packet',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I18'],
  cause: "A row of the table, written as text in which binary values take twice their size, is longer than the target's max_allowed_packet (without a target: than 1 GiB, the most that there is).",
  consequence: 'The statement that holds it is refused (errors 1153 and 2006).',
  remedy: "Set max_allowed_packet=1073741824 in the target's parameter group. A row that does not fit even then has to be shortened on the source. Lengths are measured with --also row-sizes; without it only averages are known.",
  find: (database, { target }) => {
    const limit = Number(variable(target, 'max_allowed_packet') ?? gibibyte);
    return lookAtTables(database, ({ name, rows, averageRowBytes, columns }) => {
      const measured = database.costly.longestRows.get(name);
      // An average is no more than a hint of how long a text is; all of a BLOB's table is taken to be binary.
      const isBinary = columns.some(({ dataType }) => /blob$|binary$/.test(dataType));
      const bytes = measured ?? (rows > 0 && isBinary ? averageRowBytes * 2 : 0);
      return bytes > limit ? `${bytes} bytes${measured === undefined ? ' on average' : ''}, and ${limit} are allowed` : undefined;
    });
  },
};
