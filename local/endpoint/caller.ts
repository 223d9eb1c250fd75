import type { IncomingMessage } from 'node:http';

/**
 * Why a request must be refused although it came over loopback; undefined when it may pass. A web page in the user's
 * browser can reach 127.0.0.1 through a host name of its own (DNS rebinding) or by a form (cross-site request), and
 * this endpoint asks for no credentials.
 */
export function foreignCaller(request: IncomingMessage): string | undefined {
  const host = request.headers.host ?? '';
  if (!isLoopback(host)) return `The local runtime answers only to loopback host names, not to ${host}.`;
  const origin = request.headers.origin;
  if (origin !== undefined && !isLoopback(origin.replace(/^https?:\/\//, ''))) {
    return `The local runtime does not answer web pages of ${origin}.`;
  }
  return undefined;
}

function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

/**
 * The service that a request was signed for; undefined when it is not signed.
 * Source: AWS Signature Version 4: `Credential=<key>/<date>/<region>/<service>/aws4_request`.
 */
export function serviceOfSignature(request: IncomingMessage): string | undefined {
  const authorization = request.headers.authorization;
  if (authorization === undefined) return undefined;
  return /Credential=[^,]*\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization)?.[1];
}

/** The access key ID that a request was signed with, in its header or (a presigned link) its query; undefined when it is not signed. */
export function accessKeyOf({ headers, url = '' }: IncomingMessage): string | undefined {
  if (headers.authorization !== undefined) return /Credential=([^,/]+)\//.exec(headers.authorization)?.[1];
  return /[?&]X-Amz-Credential=([^&%/]+)(?:%2F|\/)/i.exec(url)?.[1];
}
