import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';

const spatial = new Set(['geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geometrycollection', 'geomcollection']);

export const spatialColumn: DatabaseCheck = {
  id: 'spatial-column',
  scope: 'table',
  severity: 'information',
  catalogue: ['I17'],
  cause: 'The column holds geometries, without a declared reference system: MySQL before 8.0 has none.',
  consequence: 'Values arrive bit by bit. MySQL 8.0 uses a SPATIAL index only for a column with an SRID, and reads SRID 4326 as latitude before longitude.',
  remedy: 'After the migration, where such an index matters: ALTER TABLE … MODIFY … SRID 0 (or the one that the values have).',
  find: (database, { source }) => (/^(?:5\.|10\.|11\.)/.test(source.version) ? lookAtColumns(database, ({ dataType }) => (spatial.has(dataType) ? dataType : undefined)) : []),
};
