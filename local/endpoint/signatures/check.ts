/**
 * Checks AWS Signature Version 4. What is to be signed, and how it is written down, is the AWS SDK's own code: the request is signed
 * once more with the secret of its access key, and both signatures must be the same.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from '../aws-error.ts';
import { claimOf, type Claim, type Query } from './claim.ts';
import { refusalOf, type Wire } from './refusals.ts';
import { Sha256 } from './sha-256.ts';

export interface SignatureCheckOptions {
  /** Of an access key that was issued; undefined for any other. */
  readonly secretOf: (accessKeyId: string) => string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A request whose signature was found right. */
export interface SignedRequest {
  readonly accessKeyId: string;
  /** What was signed for the body: its SHA-256, or what S3 takes in its place. */
  readonly payload: string;
  readonly signature: string;
  readonly longDate: string;
  /** `20261129/us-east-1/s3/aws4_request` */
  readonly scope: string;
  /** Signs a text in the scope of the request, as the chunks of a streamed body are. */
  readonly sign: (text: string) => Promise<string>;
}

/** A claim of a signature by a known key and of the right time; whether the signature is right is still to be seen. */
export interface CheckedClaim extends Claim {
  readonly wire: Wire;
  readonly query: Query;
  readonly signer: SignatureV4;
}

/** Source: AWS Signature Version 4, "Protecting against reuse of the signed portion of the request". */
const longestSkew = 15 * 60_000;
const payloadHeader = 'x-amz-content-sha256';
/** These are made anew from the claim. */
const signingParameters = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders', 'X-Amz-Signature'];
const mostSigners = 200;

export class SignatureCheck {
  readonly #options: SignatureCheckOptions;
  readonly #signers = new Map<string, SignatureV4>();

  constructor(options: SignatureCheckOptions) {
    this.#options = options;
  }

  /**
   * All that can be said before the body is there. The request's target must be percent-encoded UTF-8.
   * @param service whose API is called: a signature for another one does not count
   * @throws AwsError as the service refuses it
   */
  claim(request: IncomingMessage, wire: Wire, service: string): CheckedClaim {
    const query = queryOf(request.url ?? '/');
    const claim = claimOf(request, query, wire);
    const secret = this.#options.secretOf(claim.accessKeyId);
    if (secret === undefined) throw refusalOf(wire, 'unknownKey');
    if (claim.service !== service) {
      throw refusalOf(wire, 'malformed', `The credential should be scoped to the service ${service}, not to ${claim.service}.`);
    }
    this.#checkTime(claim, wire);
    const toSign = Object.keys(request.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
    const unsigned = toSign.filter((name) => !claim.signedHeaders.includes(name));
    if (unsigned.length > 0) {
      throw refusalOf(wire, 'mismatch', `There were headers present in the request which were not signed: ${unsigned.join(', ')}.`);
    }
    return { ...claim, wire, query, signer: this.#signerOf(claim, wire, secret) };
  }

  /** @param payload SHA-256 of the body, or what S3 takes in its place @throws AwsError as the service refuses it */
  async verify(request: IncomingMessage, claim: CheckedClaim, payload: string): Promise<SignedRequest> {
    const { wire, signer, date, accessKeyId, longDate } = claim;
    const expected = await expectedSignature(request, claim, payload);
    if (!sameText(expected, claim.signature)) throw refusalOf(wire, 'mismatch');
    const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
    return { accessKeyId, payload, signature: claim.signature, longDate, scope, sign: (text) => signer.sign(text, { signingDate: date }) };
  }

  #checkTime({ date, expires }: Claim, wire: Wire): void {
    const age = this.#options.now() - date.getTime();
    if (age < -longestSkew || (expires === undefined && age > longestSkew)) throw refusalOf(wire, 'skewed');
    if (expires === undefined || age <= expires * 1_000) return;
    throw wire === 's3' ? new AwsError('AccessDenied', 'Request has expired', 403) : refusalOf(wire, 'skewed');
  }

  #signerOf({ accessKeyId, region, service }: Claim, wire: Wire, secret: string): SignatureV4 {
    const name = `${accessKeyId}/${region}/${service}`;
    let signer = this.#signers.get(name);
    if (signer === undefined) {
      // The region is the caller's word: it must not fill the memory.
      if (this.#signers.size >= mostSigners) this.#signers.clear();
      const credentials = { accessKeyId, secretAccessKey: secret };
      signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: wire !== 's3', applyChecksum: false });
      this.#signers.set(name, signer);
    }
    return signer;
  }
}

async function expectedSignature(request: IncomingMessage, claim: CheckedClaim, payload: string): Promise<string> {
  const { signer, date: signingDate, query, signedHeaders, expires } = claim;
  const headers: Record<string, string> = { [payloadHeader]: payload };
  for (const name of signedHeaders) if (name !== payloadHeader) headers[name] = String(request.headers[name] ?? '');
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const signable = { method: request.method ?? 'GET', protocol: 'http:', hostname: '127.0.0.1', path, headers };
  // The library asks the header for the payload's hash; it is signed as a header only where the request says so.
  const unsignableHeaders = new Set(signedHeaders.includes(payloadHeader) ? [] : [payloadHeader]);
  const options = { signingDate, signableHeaders: new Set(signedHeaders), unsignableHeaders };
  if (expires === undefined) {
    const signed = await signer.sign({ ...signable, query: { ...query } }, options);
    return /Signature=([0-9a-f]{64})$/.exec(signed.headers['authorization'] ?? '')?.[1] ?? '';
  }
  const own = Object.fromEntries(Object.entries(query).filter(([name]) => !signingParameters.includes(name)));
  const unhoistableHeaders = new Set(Object.keys(headers));
  const presigned = await signer.presign({ ...signable, query: own }, { ...options, expiresIn: expires, unhoistableHeaders });
  return String(presigned.query?.['X-Amz-Signature']);
}

/** In constant time. */
export function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function queryOf(url: string): Query {
  const query = Object.create(null) as Record<string, string | string[]>;
  const mark = url.indexOf('?');
  if (mark === -1) return query;
  for (const parameter of url.slice(mark + 1).split('&')) {
    if (parameter === '') continue;
    const equals = parameter.indexOf('=');
    const name = decodeURIComponent(equals === -1 ? parameter : parameter.slice(0, equals));
    const value = equals === -1 ? '' : decodeURIComponent(parameter.slice(equals + 1));
    const earlier = query[name];
    query[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return query;
}
