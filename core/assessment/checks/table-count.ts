import type { ServerCheck } from '../check.ts';

/** Source: Amazon Aurora User Guide, "Best practices": fewer than ten thousand tables in all databases of an instance. */
const advised = 10_000;

export const tableCount: ServerCheck = {
  id: 'table-count',
  scope: 'server',
  severity: 'warning',
  catalogue: [],
  cause: 'The databases assessed have more tables than Amazon advises for one cluster (10,000).',
  consequence: "Start-up, failover, upgrades and whatever looks at all tables take long, and the dictionary's memory is missing elsewhere.",
  remedy: 'Spread the fleet over several clusters, by lists of databases, one migration for each; or try one cluster under load before you decide.',
  *find({ tables }) {
    if (tables !== undefined && tables > advised) yield { object: '', detail: `${tables} tables` };
  },
};
