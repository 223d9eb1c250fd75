import type { ServerCheck } from '../check.ts';

const lost = ['performance_schema_file_instances_lost', 'performance_schema_table_instances_lost'];

export const performanceSchemaOverflow: ServerCheck = {
  id: 'performance-schema-overflow',
  scope: 'server',
  severity: 'warning',
  catalogue: [],
  cause: 'performance_schema has no room for all files of the source and searches its full table for each that is opened.',
  consequence: 'Dumps and this assessment cost the source far more: with 2,000 databases a dump took 4.6 times as long, and 7.8 times the CPU.',
  remedy:
    "Your decision, as it concerns whoever reads these statistics: UPDATE performance_schema.setup_instruments SET enabled='NO', timed='NO' WHERE name LIKE 'wait/io/file/%' stops counting file accesses at once, without a restart and without touching data. Put it back afterwards with 'YES', or by a restart.",
  *find({ source }) {
    for (const name of lost) {
      const count = Number(source.status?.get(name) ?? 0);
      if (count > 0) yield { object: `status ${name}`, detail: String(count) };
    }
  },
};
