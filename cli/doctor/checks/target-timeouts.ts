import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { numberOf } from '../settings.ts';

/** MySQL's own default of net_read_timeout. */
const leastReadSeconds = 30;
/** An import's session is idle while it reads a large dump and checks its hash. */
const leastIdleSeconds = 600;

export const targetTimeouts = serverCheck('target', 'target-timeouts', (facts) => {
  const read = numberOf(facts, 'net_read_timeout') ?? leastReadSeconds;
  const idle = numberOf(facts, 'wait_timeout') ?? leastIdleSeconds;
  const what = `net_read_timeout is ${read} s, wait_timeout ${idle} s`;
  if (read >= leastReadSeconds && idle >= leastIdleSeconds) return [ok(what)];
  return [
    warning(
      what,
      'A server that waits for less cuts an import off while it waits for S3: ImportInterrupted, and the database is loaded anew.',
      `Set net_read_timeout to at least ${leastReadSeconds} and wait_timeout to at least ${leastIdleSeconds} in the parameter group (no restart).`,
    ),
  ];
});
