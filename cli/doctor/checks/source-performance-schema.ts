/** MySQL 5.6 with many tables: see docs/operations.md. */
import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { isOn } from '../settings.ts';

export const sourcePerformanceSchema = serverCheck('source', 'source-performance-schema', (facts) => {
  if (isOn(facts, 'performance_schema') !== true) return [ok('performance_schema is off')];
  const lost = Number(facts.status.Performance_schema_file_instances_lost ?? 0);
  if (lost === 0) return [ok('performance_schema is on, and its table of files is not full')];
  return [
    warning(
      `performance_schema has lost ${lost.toLocaleString('en-US')} files: its table of them is full`,
      'Each dump makes the server search that table for every file that it opens, and most of its CPU goes there.',
      "UPDATE performance_schema.setup_instruments SET enabled = 'NO', timed = 'NO' WHERE name LIKE 'wait/io/file/%'; (no restart; undo it afterwards)",
    ),
  ];
});
