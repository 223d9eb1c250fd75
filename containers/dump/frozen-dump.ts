/**
 * The stage `dump` of a database that is frozen: writers are shut out, the dump is made, the state machine is told, and the
 * task lives on as the keeper of the lock until its branch is over.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Manifest } from '../../core/contracts.ts';
import { defaults, freezeModes } from '../../core/contracts.ts';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { forgetFreeze, writeFreeze } from '../../core/freezes.ts';
import type { NewFreeze } from '../../core/freezes.ts';
import { manifestKey } from '../../core/names.ts';
import { readRecord } from '../../core/records.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { awsClients } from '../common/aws-clients.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { dumpDatabase } from './dump-database.ts';
import { endingOf, FreezeKeeper } from './freeze-keeper.ts';
import type { Ending } from './freeze-keeper.ts';
import { TableLock } from './table-lock.ts';
import { TaskCallback } from './task-callback.ts';

const freezeEnvironmentSchema = z.object({
  FREEZE: z.enum(['none', ...freezeModes]).default('none'),
  FREEZE_MINUTES: z.coerce.number().int().min(1).default(defaults.freezeMinutes),
  TASK_TOKEN: z.string().optional(),
});

/** @throws FerryError, whose name says what failed; AbortError when told to stop */
export async function dumpStage(context: TaskContext): Promise<TaskOutcome> {
  const { FREEZE: mode, FREEZE_MINUTES: minutes, TASK_TOKEN: token } = readEnvironment(freezeEnvironmentSchema, context.environment);
  if (mode === 'none') return dumpDatabase(context);
  if (token === undefined) throw new FerryError('InvalidInput', 'A dump with FREEZE needs TASK_TOKEN.');
  const callback = new TaskCallback(awsClients(context.environment).stepFunctions, token);
  const frozen = new FrozenDump(context, { mode, minutes }, callback, systemClock);
  void callback.beat(systemClock);
  try {
    return await frozen.run();
  } catch (error) {
    const failure = frozen.failureOf(error);
    await callback.fail(failure);
    throw failure;
  }
}

class FrozenDump {
  readonly #context: TaskContext;
  readonly #wanted: { readonly mode: NewFreeze['mode']; readonly minutes: number };
  readonly #callback: TaskCallback;
  readonly #clock: Clock;
  /** Ends the dump when the freeze ends under it. */
  readonly #unfrozen = new AbortController();
  #ending: Ending | undefined;
  #thaw: (() => Promise<void>) | undefined;
  #kept: Promise<void> | undefined;

  constructor(context: TaskContext, wanted: { readonly mode: NewFreeze['mode']; readonly minutes: number }, callback: TaskCallback, clock: Clock) {
    this.#context = context;
    this.#wanted = wanted;
    this.#callback = callback;
    this.#clock = clock;
  }

  async run(): Promise<TaskOutcome> {
    const signal = AbortSignal.any([this.#context.signal, this.#callback.signal, this.#unfrozen.signal]);
    try {
      const outcome = await dumpDatabase({ ...this.#context, signal }, (access) => this.#freeze(access));
      return {
        ...outcome,
        afterReport: () => this.#callback.succeed(),
        keep: async () => {
          await this.#kept;
        },
        close: async () => this.#thaw?.(),
      };
    } catch (error) {
      await this.#thaw?.();
      throw error;
    }
  }

  /** What the dump threw, unless it threw because it was told to end. */
  failureOf(error: unknown): FerryError {
    const { signal, task } = this.#context;
    const subject = `The dump of \`${task.database}\``;
    if (signal.aborted) return new FerryError('TaskInterrupted', `${subject} was told to stop, and has cleaned up.`, { cause: error });
    if (this.#callback.signal.aborted) return new FerryError('TaskInterrupted', `${subject} ended, because its branch no longer waits for it.`, { cause: error });
    if (this.#ending?.kind === 'lost') return new FerryError('FreezeLost', `\`${task.database}\` did not stay frozen while it was dumped: ${this.#ending.reason}.`, { cause: error });
    if (this.#ending !== undefined) return new FerryError('TaskInterrupted', `${subject} ended: ${this.#ending.reason}.`, { cause: error });
    return FerryError.from(error);
  }

  /** Called once the dump has its slot, so that nobody is kept out while it waits for one. */
  async #freeze(access: ServerAccess): Promise<NonNullable<Manifest['freeze']>> {
    const { slots: table, task, signal, log } = this.#context;
    const manifest = manifestKey(task.migration, task.database, task.attempt);
    const now = this.#clock.now();
    const freeze: NewFreeze = {
      database: task.database,
      id: randomUUID(),
      mode: this.#wanted.mode,
      branch: task.branch,
      attempt: task.attempt,
      since: new Date(now).toISOString(),
      until: new Date(now + this.#wanted.minutes * 60_000).toISOString(),
    };
    // A task that started late must not freeze for a branch that has gone on without it.
    const over = endingOf(await withRecords('Reading the record', () => readRecord(table, task.database)), freeze, manifest);
    if (over !== undefined) throw new FerryError('DatabaseClaimed', `\`${task.database}\` was not frozen: ${over.reason}.`);
    const lock = await TableLock.take(access, task.database, signal);
    this.#thaw = () => lock.release();
    const taken = await withRecords('Writing the freeze', () => writeFreeze(table, freeze));
    if (!taken) throw new FerryError('DatabaseClaimed', `\`${task.database}\` was frozen by a later attempt.`);
    const failed = new AbortController();
    const keeper = new FreezeKeeper({ table, freeze, manifest, lock, clock: this.#clock, signal, failed: failed.signal });
    this.#kept = keeper.keep().then((ending) => this.#end(freeze, ending));
    this.#thaw = async () => {
      failed.abort();
      await this.#kept;
      await lock.release();
    };
    log.write('FreezeBegan', `\`${task.database}\` is frozen until ${freeze.until}, or until its branch is over.`, {});
    const { id, mode, since, until } = freeze;
    return { id, mode, since, until };
  }

  async #end(freeze: NewFreeze, ending: Ending): Promise<void> {
    this.#ending = ending;
    this.#unfrozen.abort();
    const { log, slots, task } = this.#context;
    log.write(ending.kind === 'lost' ? 'FreezeLost' : 'FreezeEnded', `The freeze of \`${task.database}\` ended: ${ending.reason}.`, {});
    if (ending.kind === 'verified' || ending.kind === 'over') await forgetFreeze(slots, task.database, freeze.id).catch(() => undefined);
  }
}
