/** Why a server's TLS is not trusted, or is not there, and what to do about it: the words of OpenSSL and of clients do not tell. */

interface Advised {
  readonly role: 'source' | 'target';
  readonly host: string;
}

interface TlsFlaw {
  /** In the words of Node.js (OpenSSL, X509_verify_cert_error_string), of mysql2, and of MySQL's programs. */
  readonly pattern: RegExp;
  readonly advice: (advised: Advised) => string;
}

const flaws: readonly TlsFlaw[] = [
  {
    pattern: /does not match certificate's altnames|certificate matching functions|certificate does not contain a DNS name/i,
    advice: ({ role, host }) =>
      `its certificate is of another name than ${host}. Connect to a name that it bears; or, where ${host} is a name of your own in front of the server (a CNAME, an SSH tunnel), have its chain alone checked: ` +
      `--${role}-tls verify-ca on a command line, "tls": "verify-ca" in the ${role}'s secret.`,
  },
  {
    pattern: /certificate (has expired|is not yet valid)/i,
    advice: () => 'its certificate is out of date. Give the server a new one (on Amazon RDS: `aws rds modify-db-instance --ca-certificate-identifier`), or set the clock of the machine that connects right.',
  },
  {
    pattern: /self.signed certificate|unable to get (local )?issuer|unable to verify the (first|leaf)|certificate not trusted|invalid CA certificate/i,
    advice: ({ role }) =>
      `its certificate was signed by no authority that is trusted for it (Amazon's, unless others are given). Name that authority: --${role}-ca FILE on a command line, "ca" in the ${role}'s secret of a deployed stack.`,
  },
  {
    pattern: /certificate verify failed/i,
    advice: ({ role }) =>
      `its certificate is out of date, or was signed by no authority that is trusted for it (Amazon's, unless others are given: --${role}-ca FILE on a command line, "ca" in the ${role}'s secret of a deployed stack).`,
  },
  {
    pattern: /Server does not support secure connection|SSL is required but the server doesn't support it|unsupported protocol|alert protocol version|no protocols available|wrong version number|dh key too small|no shared cipher|handshake failure/i,
    advice: ({ role }) =>
      'it knows no TLS 1.2: MySQL 5.5 and early 5.6 and 5.7 do not, nor a server that was started without certificates. Give it certificates and a build that does (MySQL 5.6.46 or 5.7.28 and later). ' +
      `Or say that TLS is \`disabled\` for it (--${role}-tls on a command line, "tls" in its secret), inside a private network or a tunnel only: its rows and logins are then to be read on the way.`,
  },
  // What else the certificate or its encryption lacks: an early message of OpenSSL, a key too short for today.
  {
    pattern: /(ca md|ee key|ca key) too (weak|small)|no ciphers available|certificate revoked|unsupported certificate purpose|certificate signature failure|certificate chain too long/i,
    advice: () => 'its certificate or its ciphers are too weak for today, or not for servers. Give it a certificate of 2048 bits or more, signed with SHA-256.',
  },
];

/** What to do about a failure that these words tell of; undefined when they tell of none of TLS: a lost connection, say. */
export function tlsAdvice(said: string, advised: Advised): string | undefined {
  return flaws.find(({ pattern }) => pattern.test(said))?.advice(advised);
}

export function isTlsFlaw(said: string): boolean {
  return flaws.some(({ pattern }) => pattern.test(said));
}
