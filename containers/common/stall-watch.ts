/**
 * Ends a stage that moves nothing. It moves when SQL text passes, when a server answers one of its statements, or when a
 * server shows one of its sessions at work: a long ALTER or a digest of a large table is not a hang. What is left is a
 * program that runs in circles or was stopped, a connection that was cut in silence, a lock that is never given.
 */
import { FerryError } from '../../core/errors.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Clock } from './clock.ts';
import type { MovedBytes } from './stage-log.ts';
import type { Task } from './task-environment.ts';

/** A session of a stage, as its server knows it. */
export interface ServerSession {
  readonly access: ServerAccess;
  /** What KILL takes. */
  readonly serverId: number;
}

/** What a stage does with servers: each answer counts as a move. */
export class Activity {
  /** Those that are open. */
  readonly sessions = new Set<ServerSession>();
  #moves = 0;

  get moves(): number {
    return this.#moves;
  }

  mark(): void {
    this.#moves += 1;
  }
}

export interface StallWatchOptions {
  readonly task: Task;
  readonly moved: Pick<MovedBytes, 'count'>;
  readonly activity: Activity;
  readonly minutes: number;
  readonly clock: Clock;
  /** Whether a server shows one of the sessions at work. Asked only when nothing else has moved for so long. */
  readonly isAtWork: (sessions: readonly ServerSession[]) => Promise<boolean>;
}

/** Looks at a stage so many times within the minutes that it may stand still. */
const looks = 10;

/** @param onStall is told once, with what the stage is to fail with @returns ends the watch */
export function watchForStalls(options: StallWatchOptions, onStall: (failure: FerryError) => void): () => void {
  const over = new AbortController();
  void watch(options, over.signal).then((failure) => {
    if (failure !== undefined) onStall(failure);
  });
  return () => {
    over.abort();
  };
}

/** @returns undefined when the watch was ended */
async function watch(options: StallWatchOptions, over: AbortSignal): Promise<FerryError | undefined> {
  const { task, moved, activity, minutes, clock, isAtWork } = options;
  const limit = minutes * 60_000;
  let [bytes, moves, movedAt] = [moved.count(), activity.moves, clock.now()];
  for (;;) {
    await clock.sleep(limit / looks, over);
    if (over.aborted) return undefined;
    const hasMoved = moved.count() !== bytes || activity.moves !== moves;
    if (hasMoved) [bytes, moves, movedAt] = [moved.count(), activity.moves, clock.now()];
    if (clock.now() - movedAt < limit || (await isAtWork([...activity.sessions]))) continue;
    // The watch may have been ended while the server was asked.
    return isOver(over) ? undefined : new FerryError('StageStalled', stalled(task, minutes));
  }
}

function isOver(over: AbortSignal): boolean {
  return over.aborted;
}

function stalled({ stage, database }: Task, minutes: number): string {
  const seen = 'no byte of SQL, no answer of a server, and no session of it at work on a server';
  return `The ${stage} of \`${database}\` was ended, because it moved nothing for ${minutes} minutes: ${seen}.`;
}
