import { serverCheck } from '../check.ts';
import { judgeEncryption } from '../encryption.ts';
import { warning } from '../finding.ts';

const unencrypted = warning(
  'The connection to the target is not encrypted',
  'Every row passes the network in the clear, and Aurora can do better.',
  'Take "tls": "disabled" out of the target\'s secret: Amazon\'s authorities are known to the task.',
);

export const targetTls = serverCheck('target', 'target-tls', (facts) => judgeEncryption('target', facts, unencrypted));
