import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';

export const targetTls = serverCheck('target', 'target-tls', ({ tls }) => {
  if (tls !== '') return [ok(`the connection is encrypted (${tls})`)];
  return [
    warning(
      'The connection to the target is not encrypted',
      'Every row passes the network in the clear, and Aurora can do better.',
      'Take "tls": "disabled" out of the target\'s secret: Amazon\'s authorities are known to the task.',
    ),
  ];
});
