import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const rowFormat: DatabaseCheck = {
  id: 'row-format',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I2'],
  cause: 'The table asks for a row format of its own: FIXED, COMPRESSED with KEY_BLOCK_SIZE, COMPACT or REDUNDANT.',
  consequence: 'It gets DYNAMIC, the default of the target. A compressed table takes more space.',
  remedy: 'None is needed.',
  find: (database) => lookAtTables(database, ({ options }) => options.match(/\b(?:row_format=(?!dynamic|default)\w+|key_block_size=\d+)/g)?.join(' ')),
};
