/** What the AWS SDK throws, as errors of the table. */
import { FerryError } from '../core/errors.ts';

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN', 'EPIPE']);

/** A FerryError for any thrown value; what came from the AWS SDK, or from the way to it, is AwsUnavailable. */
export function asFerryError(thrown: unknown): FerryError {
  if (thrown instanceof FerryError || !(thrown instanceof Error)) return FerryError.from(thrown);
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (unreachable.has(code)) return new FerryError('AwsUnavailable', `The AWS endpoint cannot be reached: ${describe(thrown)}.`, { cause: thrown });
  if (thrown.name === 'CredentialsProviderError' || /region is missing/i.test(thrown.message)) {
    return new FerryError('AwsUnavailable', `${thrown.message.replace(/\.$/, '')}.`, { cause: thrown });
  }
  if ('$metadata' in thrown) return new FerryError('AwsUnavailable', `AWS answered ${thrown.name}: ${thrown.message}`, { cause: thrown });
  return FerryError.from(thrown);
}

/** Whether the same call may succeed a little later. */
export function isTransient(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if ('code' in thrown && typeof thrown.code === 'string' && unreachable.has(thrown.code)) return true;
  if ('$retryable' in thrown && thrown.$retryable !== undefined) return true;
  const metadata: unknown = '$metadata' in thrown ? thrown.$metadata : undefined;
  const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' && (status >= 500 || status === 429);
}

/** Node.js gives connection failures to several addresses an AggregateError without a message. */
function describe(error: Error): string {
  if (error.message !== '') return error.message;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? first.message : error.name;
}
