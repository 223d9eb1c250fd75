import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { numberOf } from '../settings.ts';

/** MySQL's own default. */
const leastSeconds = 60;

export const sourceTimeouts = serverCheck('source', 'source-timeouts', (facts) => {
  const seconds = numberOf(facts, 'net_write_timeout') ?? leastSeconds;
  if (seconds >= leastSeconds) return [ok(`net_write_timeout is ${seconds} s`)];
  return [
    warning(
      `net_write_timeout is ${seconds} s`,
      'A dump is read no faster than it is stored: when S3 is slow for that long, the server cuts mysqldump off and the dump begins anew.',
      'SET GLOBAL net_write_timeout = 600; (no restart), and set it back afterwards.',
    ),
  ];
});
