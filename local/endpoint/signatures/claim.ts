/** What a request says of its own signature, in its header or (a presigned link) its query. */
import type { IncomingMessage } from 'node:http';
import { refusalOf, type Wire } from './refusals.ts';

export interface Claim {
  readonly accessKeyId: string;
  readonly region: string;
  /** For which the request was signed. */
  readonly service: string;
  /** Of the scope: `20261129`. */
  readonly day: string;
  /** As the request has it: `20261129T010203Z`. */
  readonly longDate: string;
  readonly date: Date;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Seconds that a presigned link lasts; undefined for a header. */
  readonly expires: number | undefined;
}

export type Query = Readonly<Record<string, string | string[]>>;

interface Words {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly expires?: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** Source: AWS Signature Version 4, "Authenticating requests: using query parameters": seven days. */
const longestLife = 7 * 24 * 3_600;

/** @throws AwsError as the service refuses what is not signed, or not in this way */
export function claimOf(request: IncomingMessage, query: Query, wire: Wire): Claim {
  const { authorization } = request.headers;
  const presigned = query['X-Amz-Signature'] !== undefined || query['X-Amz-Algorithm'] !== undefined;
  if (authorization === undefined && !presigned) throw refusalOf(wire, 'unsigned');
  if (authorization !== undefined && presigned) {
    throw refusalOf(wire, 'malformed', 'Only one way of authentication is allowed: the Authorization header, or the query.');
  }
  const words = authorization === undefined ? wordsOfQuery(query) : wordsOfHeader(authorization, request.headers['x-amz-date']);
  const claim = words === undefined ? undefined : read(words);
  if (claim === undefined) throw refusalOf(wire, 'malformed');
  return claim;
}

/** Source: AWS Signature Version 4, "Authenticating requests: using the Authorization header". */
function wordsOfHeader(authorization: string, date: string | string[] | undefined): Words | undefined {
  if (!authorization.startsWith(`${algorithm} `) || typeof date !== 'string') return undefined;
  const fields = new Map(authorization.slice(algorithm.length).split(',').map((field) => {
    const equals = field.indexOf('=');
    return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()] as const;
  }));
  const [credential, signedHeaders, signature] = [fields.get('Credential'), fields.get('SignedHeaders'), fields.get('Signature')];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  return { credential, signedHeaders, signature, date };
}

function wordsOfQuery(query: Query): Words | undefined {
  const names = ['Algorithm', 'Credential', 'SignedHeaders', 'Signature', 'Date', 'Expires'];
  const [named, credential, signedHeaders, signature, date, expires] = names.map((name) => query[`X-Amz-${name}`]);
  const texts = { credential, signedHeaders, signature, date, expires };
  if (named !== algorithm || Object.values(texts).some((text) => typeof text !== 'string')) return undefined;
  return texts as Required<Words>;
}

function read({ credential, signedHeaders, signature, date: longDate, expires }: Words): Claim | undefined {
  const [accessKeyId, day, region, service, end, ...rest] = credential.split('/');
  const date = dateOf(longDate);
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined) return undefined;
  if (end !== 'aws4_request' || rest.length > 0 || date === undefined || !longDate.startsWith(day)) return undefined;
  if (!/^\d{8}$/.test(day) || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const seconds = expires === undefined ? undefined : Number(expires);
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds > 0 && seconds <= longestLife)) return undefined;
  return { accessKeyId, region, service, day, longDate, date, signedHeaders: signedHeaders.split(';'), signature, expires: seconds };
}

function dateOf(longDate: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(longDate) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(`${year}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
