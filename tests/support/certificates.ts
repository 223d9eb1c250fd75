/** Certificate authorities and certificates of servers, made for a test: of a right and a wrong name, and out of date. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

const day = 86_400_000;

export interface Certificate {
  /** Both PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface Wanted {
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly until?: number;
}

export class TestAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly #key: forge.pki.rsa.PrivateKey;
  readonly #subject: forge.pki.CertificateField[];

  constructor(name: string) {
    const { privateKey, publicKey } = makeKeys();
    this.#key = privateKey;
    this.#subject = [{ name: 'commonName', value: name }];
    const extensions = [{ name: 'basicConstraints', cA: true, critical: true }, { name: 'keyUsage', keyCertSign: true, critical: true }];
    this.certificate = sign({ subject: this.#subject, issuer: this.#subject, publicKey, by: privateKey, from: -100, until: 100, extensions });
  }

  issue({ names = [], addresses = [], from = -1, until = 50 }: Wanted): Certificate {
    const { pem, publicKey } = makeKeys();
    const altNames = [...names.map((value) => ({ type: 2, value })), ...addresses.map((ip) => ({ type: 7, ip }))];
    const extensions = [{ name: 'basicConstraints', cA: false }, { name: 'subjectAltName', altNames }];
    const subject = [{ name: 'commonName', value: 'a server of a test' }];
    return { certificate: sign({ subject, issuer: this.#subject, publicKey, by: this.#key, from, until, extensions }), key: pem };
  }
}

interface Signing {
  readonly subject: forge.pki.CertificateField[];
  readonly issuer: forge.pki.CertificateField[];
  readonly publicKey: forge.pki.PublicKey;
  readonly by: forge.pki.rsa.PrivateKey;
  readonly from: number;
  readonly until: number;
  readonly extensions: object[];
}

function sign({ subject, issuer, publicKey, by, from, until, extensions }: Signing): string {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() + from * day);
  certificate.validity.notAfter = new Date(Date.now() + until * day);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.publicKey = publicKey;
  certificate.sign(by, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

function makeKeys(): { readonly pem: string; readonly privateKey: forge.pki.rsa.PrivateKey; readonly publicKey: forge.pki.PublicKey } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { pem: privateKey, privateKey: forge.pki.privateKeyFromPem(privateKey), publicKey: forge.pki.publicKeyFromPem(publicKey) };
}
