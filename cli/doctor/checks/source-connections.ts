/** Whether the dumps find room beside everybody else. */
import { serverCheck } from '../check.ts';
import { ok, problem, warning } from '../finding.ts';
import { branchesAtOnce } from '../quotas.ts';
import { numberOf } from '../settings.ts';

/** A dump's own session and that of its mysqldump. */
const connectionsPerDump = 2;

export const sourceConnections = serverCheck('source', 'source-connections', (facts, plan) => {
  const { dumpThreads, freeze } = plan;
  const most = numberOf(facts, 'max_connections') ?? 0;
  const used = Number(facts.status.Threads_connected ?? 0);
  // A frozen database keeps the session of its lock until it is verified.
  const locks = freeze === undefined ? 0 : branchesAtOnce(plan);
  const needed = dumpThreads * connectionsPerDump + locks;
  const what = `max_connections is ${most}, in use ${used}; ${dumpThreads} dumps at once${locks > 0 ? ` and the locks of ${locks} frozen databases` : ''} take ${needed}`;
  if (most - used >= 2 * needed) return [ok(what)];
  const remedy = `Raise max_connections (SET GLOBAL max_connections needs no restart), or start with fewer --dump-threads${locks > 0 ? ' and a lower --max-concurrency' : ''}.`;
  if (most - used < needed) return [problem(what, 'Dumps fail as SourceUnreachable with "Too many connections", and so does the application.', remedy)];
  return [warning(what, 'With a few more of the application there is no room.', remedy)];
});
