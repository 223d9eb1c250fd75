import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const tableOptions: DatabaseCheck = {
  id: 'table-options',
  scope: 'table',
  severity: 'information',
  catalogue: ['I4'],
  cause: "The table has options of MyISAM's: PACK_KEYS, CHECKSUM, DELAY_KEY_WRITE, MAX_ROWS and the like.",
  consequence: 'InnoDB takes note of them and does nothing.',
  remedy: 'None is needed.',
  find: (database) => lookAtTables(database, ({ options }) => options.match(/\b(?:pack_keys|checksum|delay_key_write|min_rows|max_rows|avg_row_length)=\w+/g)?.join(' ')),
};
