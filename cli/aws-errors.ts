/** What the AWS SDK throws, as errors of the table. */
import { FerryError } from '../core/errors.ts';
import type { ErrorName } from '../core/errors.ts';
import { describeFileFailure } from '../core/files/file-failure.ts';

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN', 'EPIPE']);

/**
 * Source: the "Common Errors" page of each service's API reference; services do not agree on one spelling.
 */
const namesOfCodes: ReadonlyMap<string, ErrorName> = new Map<string, ErrorName>([
  ...['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'].map((code) => [code, 'CredentialsExpired'] as const),
  ...['InvalidClientTokenId', 'InvalidAccessKeyId', 'UnrecognizedClientException', 'SignatureDoesNotMatch', 'InvalidSignatureException', 'IncompleteSignature', 'AuthFailure', 'InvalidToken'].map(
    (code) => [code, 'CredentialsRejected'] as const,
  ),
  ...['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError', 'OptInRequired'].map((code) => [code, 'NotAuthorized'] as const),
]);

/** A FerryError for any thrown value; what came from the AWS SDK, or from the way to it, has a name that says what to do. */
export function asFerryError(thrown: unknown): FerryError {
  if (thrown instanceof FerryError || !(thrown instanceof Error) || describeFileFailure(thrown) !== undefined) return FerryError.from(thrown);
  const named = (name: ErrorName, message: string): FerryError => new FerryError(name, `${message.replace(/\.$/, '')}.`, { cause: thrown });
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (unreachable.has(code) || isTimeout(thrown)) return named('AwsUnavailable', `The AWS endpoint cannot be reached: ${describe(thrown)}`);
  if (/region is missing/i.test(thrown.message)) return named('RegionMissing', 'No AWS region is chosen');
  if (thrown.name === 'CredentialsProviderError' || thrown.name === 'TokenProviderError') return named(credentialsError(thrown.message), thrown.message);
  const name = namesOfCodes.get(thrown.name);
  if (name !== undefined) return named(name, `AWS answered ${thrown.name}: ${thrown.message}`);
  if ('$metadata' in thrown) return named('AwsUnavailable', `AWS answered ${thrown.name}: ${thrown.message}`);
  return FerryError.from(thrown);
}

/** The SDK's providers tell an expired login from a missing one only by their words. */
function credentialsError(message: string): ErrorName {
  return /expired|aws sso login|aws login|refresh/i.test(message) ? 'CredentialsExpired' : 'CredentialsMissing';
}

/** Whether the same call may succeed a little later. */
export function isTransient(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (('code' in thrown && typeof thrown.code === 'string' && unreachable.has(thrown.code)) || isTimeout(thrown)) return true;
  if ('$retryable' in thrown && thrown.$retryable !== undefined) return true;
  const metadata: unknown = '$metadata' in thrown ? thrown.$metadata : undefined;
  const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' && (status >= 500 || status === 429);
}

/** The SDK gave up waiting for a connection or an answer. */
function isTimeout(error: Error): boolean {
  return error.name === 'TimeoutError';
}

/** Node.js gives connection failures to several addresses an AggregateError without a message. */
function describe(error: Error): string {
  if (error.message !== '') return error.message;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? first.message : error.name;
}
