import type { DatabaseCheck } from '../check.ts';

/** Types that an UPDATE on the target can make again, in a table with a primary key. */
const restorable = new Set(['DECIMAL', 'DATE', 'TIME', 'DATETIME']);

export const jsonTypesLost: DatabaseCheck = {
  id: 'json-types-lost',
  scope: 'table',
  severity: 'blocks',
  catalogue: [],
  cause: 'JSON documents hold values of a type that text cannot carry, and that cannot be made again on the target: binary values, or values of any such type in a table without a primary key.',
  consequence: 'They would arrive as strings or as numbers of floating point, and queries would answer differently.',
  remedy: 'Give the table a primary key, or replace binary values in its documents by strings (JSON_SET with TO_BASE64), then redrive.',
  *find({ tables, costly }) {
    for (const { table, column, counts } of costly.jsonTypes) {
      const hasKey = tables.some(({ name, indexes }) => name === table && indexes.some((index) => index.name === 'PRIMARY'));
      const lost = Object.entries(counts).filter(([type]) => !hasKey || !restorable.has(type));
      if (lost.length > 0) yield { object: `column ${table}.${column}`, detail: lost.map(([type, n]) => `${n} ${type}`).join(', ') };
    }
  },
};
