/** What is found of the TLS between a task and its server, whichever it is. */
import type { ServerFacts } from '../../core/server-check.ts';
import type { Finding } from './finding.ts';
import { ok, warning } from './finding.ts';

/** @param unencrypted what there is to say where it is not encrypted */
export function judgeEncryption(server: 'source' | 'target', { tls, tlsMode }: ServerFacts, unencrypted: Finding): Finding[] {
  if (tls === '') return [unencrypted];
  if (tlsMode === 'required') {
    return [
      warning(
        `The certificate of the ${server} is not checked`,
        `Whoever stands between a task and the ${server} can pass for it, read every row, and learn the password.`,
        `Set "tls": "verify" in the ${server}'s secret, with its authority as "ca" unless it is Amazon's; or "verify-ca" where its name is one of your own.`,
      ),
    ];
  }
  const checked = tlsMode === 'verify' ? ', and its certificate bears its name' : tlsMode === 'verify-ca' ? ', and its authority is checked, its name not' : '';
  return [ok(`the connection is encrypted (${tls})${checked}`)];
}
