/**
 * The one place where it is decided how a branch goes on after a failure: it is held, tries again, waits for a later
 * pass, or is given up. Names the failure first, and frees the slot that the branch held.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { errorKinds, type Need } from '../../core/errors.ts';
import type { Stage } from '../../core/names.ts';
import { stageAfter } from '../../core/records.ts';
import { begunHold, holdDelaySeconds, restingStateOf, serverOf } from '../../core/recovery/holds.ts';
import { reportOutage } from '../../core/recovery/outages.ts';
import type { ClassifyInput, EarlierClassifyInput, Recovery } from '../../core/recovery/recovery.ts';
import { retryDelaySeconds, retryOf } from '../../core/recovery/retries.ts';
import { freeSlot, type SlotsTable } from '../../core/slots.ts';
import { nameFailure, type NamedFailure, shortened } from './name-failure.ts';

export interface ClassifyDependencies {
  readonly table: SlotsTable;
  readonly s3: S3Client;
  readonly bucket: string;
  /** In [0, 1). */
  readonly random: () => number;
  readonly now: () => Date;
}

export async function classifyFailure(dependencies: ClassifyDependencies, input: ClassifyInput): Promise<Recovery> {
  const stage = stageAfter(input.checkpoint);
  const failure = await nameFailure(dependencies, { ...input, stage });
  await freeSlot(dependencies.table, stage === 'dump' ? 'source' : 'target', input.branch);
  const need = neededBy(failure);
  if (need !== undefined) return hold(dependencies, input, failed(input, stage, failure), need);
  return retryOrGiveUp(dependencies, input, stage, failure);
}

/** What state machines of before the one failure path are answered: they count tries and choose themselves. */
export async function classifyForEarlier(
  dependencies: ClassifyDependencies,
  input: EarlierClassifyInput,
): Promise<NamedFailure & { readonly delaySeconds: number }> {
  const failure = await nameFailure(dependencies, input);
  await freeSlot(dependencies.table, input.stage === 'dump' ? 'source' : 'target', input.branch);
  const delaySeconds = failure.retryable ? retryDelaySeconds(input.tries, dependencies.random()) : 0;
  return { ...failure, delaySeconds };
}

/** A refused login is held, though trying again cannot help: the operator gives the new password meanwhile. */
function neededBy({ error, retryable }: NamedFailure): Need | undefined {
  const kind = errorKinds[error];
  return retryable || !kind.retryable ? kind.needs : undefined;
}

async function hold({ table, random, now }: ClassifyDependencies, input: ClassifyInput, base: Recovery, need: Need): Promise<Recovery> {
  const at = now();
  const begun = begunHold(input.recovery.hold, base.stage, need, at);
  if (begun.seconds >= input.holdMinutes * 60) {
    return { ...base, message: shortened(`Held for ${input.holdMinutes} minutes in vain. ${base.message}`) };
  }
  const server = serverOf(need);
  const { error, message } = base;
  if (server !== undefined) await reportOutage(table, server, { branch: input.branch, error, message, now: at.toISOString() });
  const delaySeconds = holdDelaySeconds(begun, at, random());
  return { ...base, outcome: 'HOLD', hold: begun, attempt: input.attempt + 1, delaySeconds };
}

function retryOrGiveUp({ random }: ClassifyDependencies, input: ClassifyInput, stage: Stage, failure: NamedFailure): Recovery {
  const base = failed(input, stage, failure);
  if (failure.error === 'WaitsForDatabase' && failure.retryable) return { ...base, outcome: 'WAIT' };
  const retry = retryOf(input, input.recovery.tries, { ...failure, stage });
  if (retry === undefined) return base;
  return { ...base, ...retry, outcome: 'RETRY', delaySeconds: retryDelaySeconds(retry.tries[stage], random()) };
}

/** The branch given up where it is; what else becomes of it is said over this. */
function failed({ attempt, checkpoint, dumpManifest, recovery }: ClassifyInput, stage: Stage, failure: NamedFailure): Recovery {
  return {
    outcome: 'DEAD_LETTER',
    stage,
    error: failure.error,
    message: failure.message,
    delaySeconds: 0,
    attempt,
    checkpoint,
    dumpManifest,
    restingState: restingStateOf(checkpoint),
    tries: recovery.tries,
    hold: recovery.hold,
  };
}
