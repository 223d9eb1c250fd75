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
import { endFreeze, forgetFreeze, writeFreeze } from '../../core/freezes.ts';
import type { NewFreeze } from '../../core/freezes.ts';
import { manifestKey } from '../../core/names.ts';
import { readRecord } from '../../core/records.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { awsClients } from '../common/aws-clients.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { systemClock } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { dumpDatabase } from './dump-database.ts';
import { endingOf, FreezeKeeper } from './freeze-keeper.ts';
import type { Ending } from './freeze-keeper.ts';
import { SourceWriters } from './source-writers.ts';
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
    if (signal.aborted && signal.reason instanceof FerryError) return signal.reason;
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
    const taken = await withRecords('Writing the freeze', () => writeFreeze(table, freeze));
    if (!taken) throw new FerryError('DatabaseClaimed', `\`${task.database}\` was frozen by a later attempt.`);
    const writers = freeze.mode === 'revoke' ? new SourceWriters(this.#context, access, freeze) : undefined;
    this.#thaw = () => this.#letGo(freeze, { kind: 'over', reason: 'it was not taken' }, writers);
    await writers?.shutOut();
    const lock = await TableLock.take(access, task.database, signal);
    this.#keep(freeze, manifest, lock, writers);
    log.write('FreezeBegan', `\`${task.database}\` is frozen until ${freeze.until}, or until its branch is over.`, {});
    const { id, mode, since, until } = freeze;
    return { id, mode, since, until };
  }

  #keep(freeze: NewFreeze, manifest: string, lock: TableLock, writers: SourceWriters | undefined): void {
    const { slots: table, signal, log, task } = this.#context;
    const failed = new AbortController();
    const held = { flaw: () => lock.flaw(), gap: async () => (await lock.addition()) ?? (await writers?.gap()) };
    const keeper = new FreezeKeeper({ table, freeze, manifest, lock: held, clock: this.#clock, signal, failed: failed.signal });
    this.#kept = keeper.keep().then(async (ending) => {
      this.#ending = ending;
      this.#unfrozen.abort();
      if (ending.kind === 'lost') log.write('FreezeLost', `\`${task.database}\` did not stay frozen: ${ending.reason}.`, {});
      else log.write('FreezeEnded', `The freeze of \`${task.database}\` ended: ${ending.reason}.`, {});
      await lock.release();
      await this.#letGo(freeze, ending, writers);
    });
    this.#thaw = async () => {
      failed.abort();
      await this.#kept;
    };
  }

  /** What stays is for `ferry status` to show, and for `ferry unfreeze`: a lost freeze, and privileges that are still withdrawn. */
  async #letGo(freeze: NewFreeze, { kind, reason }: Ending, writers: SourceWriters | undefined): Promise<void> {
    const { slots: table, task } = this.#context;
    if (kind === 'taken') return;
    try {
      const stays = kind === 'verified' && writers !== undefined;
      await endFreeze(table, task.database, freeze.id, { endedAt: new Date(this.#clock.now()).toISOString(), reason });
      const returned = stays || (await writers?.letIn()) !== false;
      if (!stays && returned && kind !== 'lost') await forgetFreeze(table, task.database, freeze.id);
    } catch (error) {
      this.#context.log.write('StageWarning', `The freeze of \`${task.database}\` is over, but is still on record: ${String(error)}`, {});
    }
  }
}
