/** Source: Amazon Aurora User Guide, best practices: "fewer than ten thousand tables total across all of the databases". */
import { comparison } from '../check.ts';
import { ok, skipped, warning } from '../finding.ts';

const advised = 10_000;

export const tableCount = comparison('table-count', (source, target) => {
  if (source.tables === null || target.tables === null) return [skipped('the tables of one server could not be counted')];
  const total = source.tables + target.tables;
  const what = `all of the source's tables on this cluster would make ${total.toLocaleString('en-US')}`;
  if (total < advised) return [ok(what)];
  return [
    warning(
      what.charAt(0).toUpperCase() + what.slice(1),
      `Amazon advises fewer than ${advised.toLocaleString('en-US')} tables for a cluster: above it restarts and failovers take longer, and the dictionary takes memory.`,
      'Plan several clusters (a stage for each), and give table_definition_cache and table_open_cache room in the parameter group.',
    ),
  ];
});
