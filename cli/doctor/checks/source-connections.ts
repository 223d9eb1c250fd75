/** Whether the dumps find room beside everybody else. */
import { serverCheck } from '../check.ts';
import { ok, problem, warning } from '../finding.ts';
import { numberOf } from '../settings.ts';

/** A dump's own session and that of its mysqldump. */
const connectionsPerDump = 2;

export const sourceConnections = serverCheck('source', 'source-connections', (facts, { dumpThreads }) => {
  const most = numberOf(facts, 'max_connections') ?? 0;
  const used = Number(facts.status.Threads_connected ?? 0);
  const needed = dumpThreads * connectionsPerDump;
  const what = `max_connections is ${most}, in use ${used}; ${dumpThreads} dumps at once take ${needed}`;
  if (most - used >= 2 * needed) return [ok(what)];
  const remedy = 'Raise max_connections (SET GLOBAL max_connections needs no restart), or start with fewer --dump-threads.';
  if (most - used < needed) return [problem(what, 'Dumps fail as SourceUnreachable with "Too many connections", and so does the application.', remedy)];
  return [warning(what, 'With a few more of the application there is no room.', remedy)];
});
