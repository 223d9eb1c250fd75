import { serverCheck } from '../check.ts';
import { judgeEncryption } from '../encryption.ts';
import { warning } from '../finding.ts';

const unencrypted = warning(
  'The connection to the source is not encrypted',
  "Every row passes the network in the clear. MySQL 5.5 and early 5.6 know no TLS that today's clients accept.",
  'Leave it so only inside a private network or a tunnel; else set "tls": "verify" in the secret, with the source\'s authority as "ca".',
);

export const sourceTls = serverCheck('source', 'source-tls', (facts) => judgeEncryption('source', facts, unencrypted));
