import type { DatabaseCheck } from '../check.ts';

export const jsonTypes: DatabaseCheck = {
  id: 'json-types',
  scope: 'table',
  severity: 'information',
  catalogue: [],
  cause: 'JSON documents hold values of types that text cannot carry: DATE, TIME, DATETIME, DECIMAL, binary.',
  consequence: 'The dump keeps them beside its text, and the import writes each of these documents twice. Until then applications would see strings.',
  remedy: 'Nothing has to be done. Many such documents take longer: each is updated by its primary key.',
  *find({ costly }) {
    for (const { table, column, counts } of costly.jsonTypes) {
      const named = Object.entries(counts).map(([type, n]) => `${n} ${type}`);
      if (named.length > 0) yield { object: `column ${table}.${column}`, detail: named.join(', ') };
    }
  },
};
