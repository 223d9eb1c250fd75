import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';
import { elementsOf } from '../row-size.ts';

/** Source: MySQL Reference Manual, "The ENUM Type": 255 characters, or 1,020 bytes. */
const [mostCharacters, mostBytes] = [255, 1020];

export const enumSetElement: DatabaseCheck = {
  id: 'enum-set-element',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I15'],
  cause: 'An element of an ENUM or SET has more than 255 characters.',
  consequence: 'MySQL 8.0 refuses the table (error 3505).',
  remedy: 'Shorten the element with ALTER TABLE … MODIFY on the source, or make the column VARCHAR.',
  find: (database) =>
    lookAtColumns(database, ({ dataType, type }) => {
      if ((dataType !== 'enum' && dataType !== 'set') || type.length <= mostCharacters) return undefined;
      const longest = elementsOf(type).find((element) => Array.from(element).length > mostCharacters || Buffer.byteLength(element) > mostBytes);
      return longest === undefined ? undefined : `an element of ${Array.from(longest).length} characters`;
    }),
};
