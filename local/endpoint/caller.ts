import type { IncomingMessage } from 'node:http';

/**
 * Why a request must be refused although it came over loopback; undefined when it may pass. A web page in the user's
 * browser can reach 127.0.0.1 through a host name of its own (DNS rebinding) or by a form (cross-site request): such a
 * request is refused before anything else of it is looked at. This endpoint serves no page that could have its own origin.
 */
export function foreignCaller(request: IncomingMessage): string | undefined {
  const host = request.headers.host ?? '';
  if (!isLoopback(host)) return `The local runtime answers only to loopback host names, not to ${host}.`;
  const { origin } = request.headers;
  const own = `:${request.socket.localPort ?? 0}`;
  if (origin !== undefined && !(origin.startsWith('http://') && origin.endsWith(own) && isLoopback(origin.slice('http://'.length)))) {
    return `The local runtime does not answer web pages of ${origin}.`;
  }
  return undefined;
}

function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

/** Whether a request's path and query can be decoded. */
export function isPercentEncoded({ url = '/' }: IncomingMessage): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/**
 * The service that a request says it was signed for; undefined when it is not signed.
 * Source: AWS Signature Version 4: `Credential=<key>/<date>/<region>/<service>/aws4_request`.
 */
export function serviceOfSignature({ headers, url = '' }: IncomingMessage): string | undefined {
  const header = /Credential=[^,]*\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
  return header ?? /[?&]X-Amz-Credential=[^&]*?(?:%2F|\/)\d{8}(?:%2F|\/)[^&/%]+(?:%2F|\/)([^&/%]+)(?:%2F|\/)aws4_request/i.exec(url)?.[1];
}
