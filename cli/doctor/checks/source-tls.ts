import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';

export const sourceTls = serverCheck('source', 'source-tls', ({ tls }) => {
  if (tls !== '') return [ok(`the connection is encrypted (${tls})`)];
  return [
    warning(
      'The connection to the source is not encrypted',
      'Every row passes the network in the clear. MySQL 5.5 and early 5.6 know no TLS that today\'s clients accept.',
      'Leave it so only inside a private network or a tunnel; else set "tls": "required" or "verify" in the secret.',
    ),
  ];
});
