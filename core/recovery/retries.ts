/** Whether a branch tries again after a failure, and from where. */
import { type ErrorName, errorKinds } from '../errors.ts';
import { handMadeAttempt, parseManifestKey, type Stage } from '../names.ts';
import type { Checkpoint } from '../records.ts';
import { restingStateOf } from './holds.ts';
import type { Recovery, Tries } from './recovery.ts';

export interface FailedTry {
  readonly stage: Stage;
  readonly error: ErrorName;
  readonly retryable: boolean;
  /** The stage whose work the failure has shown to be worthless; absent: the failed stage is tried again. */
  readonly resumeAt?: Stage | undefined;
}

export interface BranchPlace {
  readonly attempt: number;
  readonly checkpoint: Checkpoint;
  readonly dumpManifest: string;
  readonly maxAttempts: number;
}

type Retry = Pick<Recovery, 'tries' | 'attempt' | 'checkpoint' | 'dumpManifest' | 'restingState'>;

const firstDelaySeconds = 5;
const longestDelaySeconds = 300;
const stages: readonly Stage[] = ['dump', 'import', 'verify'];

/** @returns undefined when trying again cannot help, or the tries are used up */
export function retryOf(place: BranchPlace, tries: Tries, failed: FailedTry): Retry | undefined {
  const resumeAt = resumedStage(failed);
  const counted = resumeAt === undefined ? undefined : countedTries(place, tries, failed, resumeAt);
  if (resumeAt === undefined || counted === undefined) return undefined;
  const checkpoint = resumeAt === 'dump' ? 'NONE' : resumeAt === 'import' ? 'DUMPED' : 'IMPORTED';
  return {
    tries: counted,
    attempt: place.attempt + 1,
    checkpoint,
    dumpManifest: resumeAt === 'dump' ? '' : place.dumpManifest,
    restingState: restingStateOf(checkpoint),
  };
}

/**
 * Exponential, with full jitter. Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 * @param tries failed ones so far, from 1
 */
export function retryDelaySeconds(tries: number, random: number): number {
  const ceiling = Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** (tries - 1));
  return Math.max(1, Math.ceil(ceiling * random));
}

function resumedStage({ stage, error, retryable, resumeAt = errorKinds[error].resumeAt }: FailedTry): Stage | undefined {
  if (resumeAt !== undefined && stages.indexOf(resumeAt) < stages.indexOf(stage)) return resumeAt;
  return retryable ? stage : undefined;
}

function countedTries(place: BranchPlace, tries: Tries, { stage, error }: FailedTry, resumeAt: Stage): Tries | undefined {
  // A dump that someone made by hand is all there is: to dump the database in its place is for them to decide.
  const byHand = parseManifestKey(place.dumpManifest)?.attempt === handMadeAttempt;
  if (resumeAt === 'dump' && stage !== 'dump' && byHand) return undefined;
  // Once in a pass, whether it is dumped or loaded again: a second mismatch is not a matter of chance.
  if (error === 'VerificationMismatch') return tries.reload > 0 ? undefined : { ...tries, reload: tries.reload + 1 };
  if (resumeAt === 'dump' && stage !== 'dump') return tries.dump >= place.maxAttempts ? undefined : { ...tries, dump: tries.dump + 1 };
  return tries[stage] + 1 >= place.maxAttempts ? undefined : { ...tries, [stage]: tries[stage] + 1 };
}
