/** The gate lets imports in while connections stay under --max-connections: a server that takes fewer makes it useless. */
import { serverCheck } from '../check.ts';
import { ok, problem, warning } from '../finding.ts';
import { numberOf } from '../settings.ts';

export const targetConnections = serverCheck('target', 'target-connections', (facts, { maxConnections }) => {
  const most = numberOf(facts, 'max_connections') ?? 0;
  const used = Number(facts.status.Threads_connected ?? 0);
  const what = `max_connections is ${most}, in use ${used}; imports start under ${maxConnections}`;
  const safe = Math.max(1, Math.floor((most - used) * 0.8));
  const remedy = `Start with --max-connections ${safe}, or take a larger instance (its class sets max_connections).`;
  if (most <= maxConnections) return [problem(what, 'The server refuses connections, the application\'s too, before the gate closes.', remedy)];
  if (used >= maxConnections) return [problem(what, 'The gate never opens: others hold as many connections already.', 'Raise --max-connections above what is in use, or close what is not needed.')];
  if (most < maxConnections * 1.2) return [warning(what, 'Little is left for the application and for you.', remedy)];
  return [ok(what)];
});
