import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const tableOptions: DatabaseCheck = {
  id: 'table-options',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I4'],
  cause: "The table has options of MyISAM's: PACK_KEYS, CHECKSUM, DELAY_KEY_WRITE and the like.",
  consequence: 'They mean nothing to InnoDB: Ferry drops them.',
  remedy: 'None is needed.',
  find: (database) => lookAtTables(database, ({ options }) => options.match(/\b(?:pack_keys|checksum|delay_key_write|insert_method|page_checksum|transactional)=\w+/g)?.join(' ')),
};
