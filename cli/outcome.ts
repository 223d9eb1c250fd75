/** What a run that has ended means to the operator: nothing to add, or an error with a name of the table. */
import { z } from 'zod';
import { FerryError, isErrorName } from '../core/errors.ts';
import type { Progress } from './progress.ts';

/** What Lambda gives as the cause of an error that a function threw. */
const lambdaCauseSchema = z.object({ errorMessage: z.string() });

/** Undefined for a run that succeeded, or has not ended. */
export function errorOfRun(run: NonNullable<Progress['run']>): FerryError | undefined {
  switch (run.status) {
    case 'RUNNING':
    case 'PENDING_REDRIVE':
    case 'SUCCEEDED':
      return undefined;
    case 'ABORTED':
      return new FerryError('BranchAborted', `The run ${run.name} was stopped${run.cause === null ? '' : `: ${stripStop(run.cause)}`}.`);
    case 'TIMED_OUT':
      return new FerryError('BranchAborted', `The run ${run.name} exceeded its time limit.`);
    case 'FAILED': {
      const message = readCause(run.cause) ?? `The run ${run.name} failed.`;
      if (run.error !== null && isErrorName(run.error)) return new FerryError(run.error, message);
      return new FerryError('RunFailed', `The run ${run.name} failed with ${run.error ?? 'no error name'}: ${message}`);
    }
  }
}

/** The message within a cause: Lambda wraps it in JSON, a Fail state gives it as it is. */
export function readCause(cause: string | null): string | undefined {
  if (cause === null || cause === '') return undefined;
  try {
    return lambdaCauseSchema.parse(JSON.parse(cause)).errorMessage;
  } catch {
    return cause;
  }
}

function stripStop(text: string): string {
  return text.replace(/\.$/, '');
}
