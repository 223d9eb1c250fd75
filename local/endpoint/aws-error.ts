/**
 * An error that an AWS API answers with. The endpoint turns it into the service's wire form: `{__type, message}` for
 * the JSON protocols, `<Error>` for S3, `<ErrorResponse>` for the query protocol.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The error's code as the service's API reference spells it: `ValidationException`, `NoSuchKey`. */
  readonly code: string;
  /** HTTP status: 4xx for the caller's faults, which SDKs do not retry; 5xx for the server's, which they do. */
  readonly status: number;
  /** Members of the error's structure beside its message, such as `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** The answer to an operation of AWS that the local runtime does not implement. Clients do not retry a 400. */
export function notImplemented(service: string, operation: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `The local runtime does not implement ${service} ${operation} (docs/local-runtime.md lists what it does).`,
  );
}
