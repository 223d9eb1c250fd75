import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const tableOptions: DatabaseCheck = {
  id: 'table-options',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I4'],
  cause: "The table has options of MyISAM's (PACK_KEYS, CHECKSUM, DELAY_KEY_WRITE and the like), ENCRYPTION or COMPRESSION.",
  consequence: 'The first mean nothing to InnoDB; Aurora encrypts a cluster as a whole, and does not compress pages. Ferry drops them.',
  remedy: 'None is needed. Where tables are encrypted on the source, make sure that the cluster is.',
  find: (database) => lookAtTables(database, ({ options }) => options.match(/\b(?:pack_keys|checksum|delay_key_write|insert_method|page_checksum|transactional|compression|encryption)=["']?\w+["']?/g)?.join(' ')),
};
