import type { JsonObject } from './json.ts';

/**
 * A failure of a state, with the error name that Retry and Catch match and that the execution ends with.
 * Source of the names: Amazon States Language specification, Appendix A, and the AWS Step Functions Developer Guide,
 * "Handling errors in Step Functions workflows".
 */
export class StatesError extends Error {
  override readonly name = 'StatesError';
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }

  /** The names that Retry and Catch may know it by, the narrowest first. */
  get names(): readonly string[] {
    return [this.error];
  }

  /** What a Catch is given, which names it by one of its names. */
  output(name: string): JsonObject {
    return { Error: name, Cause: this.cause };
  }
}
