import type { DatabaseCheck, Occurrence } from '../check.ts';
import type { ColumnFacts } from '../facts.ts';

/** Tried on MySQL 9.7: in any case, with an index or without one. */
const hiddenColumns = new Set(['DB_ROW_ID', 'DB_TRX_ID', 'DB_ROLL_PTR']);

export const innodbName: DatabaseCheck = {
  id: 'innodb-name',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I15'],
  cause:
    "A column or an index has a name that InnoDB keeps for itself: DB_ROW_ID, DB_TRX_ID, DB_ROLL_PTR, GEN_CLUST_INDEX, or FTS_DOC_ID where it is not InnoDB's own column.",
  consequence: 'MyISAM takes such names; the target refuses the table (errors 1166 and 1280).',
  remedy: 'Rename it on the source: ALTER TABLE … CHANGE for a column, DROP INDEX and ADD INDEX for an index.',
  find: ({ tables }) =>
    tables.flatMap(({ name, columns, indexes }): Occurrence[] => [
      ...columns.filter(isInnodbs).map((column) => ({ object: `column ${name}.${column.name}` })),
      ...indexes
        .filter((index) => index.name.toUpperCase() === 'GEN_CLUST_INDEX')
        .map((index) => ({ object: `index ${name}.${index.name}` })),
    ]),
};

/** `FTS_DOC_ID BIGINT UNSIGNED NOT NULL`, in these letters, is how InnoDB lets a user make its column. */
function isInnodbs({ name, type, nullable }: ColumnFacts): boolean {
  const upper = name.toUpperCase();
  if (upper !== 'FTS_DOC_ID') return hiddenColumns.has(upper);
  return name !== upper || nullable || !/^bigint(?:\(\d+\))? unsigned$/i.test(type);
}
