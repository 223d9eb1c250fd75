/** What a function's worker thread and the runtime say to each other. */

export interface WorkerData {
  /** The module that exports the handler, absolute. */
  readonly modulePath: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly logFile: string;
  readonly compileCacheDirectory: string;
}

export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** The error object of a function. Source: AWS Lambda Developer Guide, "Understanding how Lambda handles errors". */
export interface FunctionError {
  readonly errorType?: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** JSON text of the function's result, or its error. */
export type Outcome = { readonly result: string } | { readonly error: FunctionError };

/** `initialized` once, then one outcome for each invocation. */
export type WorkerMessage = { readonly initialized: true } | Outcome;
