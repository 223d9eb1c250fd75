/**
 * Keeps a frozen database frozen: looks at the lock, the freeze and the record, answers verifications, and ends when the branch is
 * over, the deadline has passed or the lock is lost. Whoever starts it lets the writers in again afterwards.
 */
import type { DumpFacts } from '../../core/records.ts';
import { readRecord } from '../../core/records.ts';
import type { DatabaseRecord, RecordsTable } from '../../core/records.ts';
import { answerVerification, endFreeze, readFreeze } from '../../core/freezes.ts';
import type { NewFreeze } from '../../core/freezes.ts';
import type { Clock } from '../common/clock.ts';

/** Two reads of DynamoDB each time; writers wait this much longer than they must. */
export const pollMilliseconds = 2_000;
/** Below the time after which the server ends a silent session. */
const pingMilliseconds = 10_000;
/** DynamoDB may be out of reach for a while: the lock is not worth less for it. */
const patienceMilliseconds = 120_000;
/** Once the freeze is over. */
const answerMilliseconds = 10_000;

export interface HeldLock {
  /** Why it is not held any more. */
  readonly flaw: () => Promise<string | undefined>;
  /** Why somebody may have written all the same: a table was made, privileges were given. */
  readonly gap: () => Promise<string | undefined>;
}

/** `verified`: it has done its work. `over`: the branch needs it no more. `lost`: it ended before its time. `taken`: a later freeze has the database. */
export interface Ending {
  readonly kind: 'verified' | 'over' | 'lost' | 'taken';
  readonly reason: string;
}

export interface KeeperOptions {
  readonly table: RecordsTable;
  readonly freeze: NewFreeze;
  readonly manifest: DumpFacts['dumpManifest'];
  readonly lock: HeldLock;
  readonly clock: Clock;
  /** The task is told to stop. */
  readonly signal: AbortSignal;
  /** The dump has failed: there is nothing to keep the freeze for. */
  readonly failed: AbortSignal;
}

export class FreezeKeeper {
  readonly #options: KeeperOptions;
  #pingedAt: number;
  #heardAt: number;
  #answered: string | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#pingedAt = options.clock.now();
    this.#heardAt = options.clock.now();
  }

  /** Never fails: what cannot be found out is a reason to end. A lost freeze is marked as lost before the answer. */
  async keep(): Promise<Ending> {
    const { clock, freeze } = this.#options;
    const signal = AbortSignal.any([this.#options.signal, this.#options.failed]);
    for (;;) {
      const ending = await this.#look();
      if (ending?.kind === 'lost') return this.#settle(ending);
      if (ending !== undefined) return ending;
      await clock.sleep(Math.max(0, Math.min(pollMilliseconds, Date.parse(freeze.until) - clock.now())), signal);
    }
  }

  /** Where DynamoDB does not answer in time, the silence of this keeper says the same to a verification: the deadline is kept. */
  async #settle(ending: Ending): Promise<Ending> {
    const settled = new AbortController();
    const late = this.#options.clock.sleep(answerMilliseconds, settled.signal).then(() => ending);
    const answer = await Promise.race([this.#markUnlessVerified(ending).catch(() => ending), late]);
    settled.abort();
    return answer;
  }

  /** What ends a freeze may come between the verification and the look that finds it: a runtime stops at the end of its run. */
  async #markUnlessVerified(ending: Ending): Promise<Ending> {
    const { table, freeze, manifest, clock } = this.#options;
    const record = await readRecord(table, freeze.database).catch(() => undefined);
    const found = record === undefined ? undefined : endingOf(record, freeze, manifest);
    if (found?.kind === 'verified') return found;
    await endFreeze(table, freeze.database, freeze.id, { endedAt: new Date(clock.now()).toISOString(), reason: ending.reason });
    return ending;
  }

  async #look(): Promise<Ending | undefined> {
    const { clock, signal, failed, freeze } = this.#options;
    if (failed.aborted) return { kind: 'over', reason: 'its dump failed' };
    if (signal.aborted) return lost('the task that held the lock was told to stop');
    if (clock.now() >= Date.parse(freeze.until)) return lost(`its deadline passed at ${freeze.until}`);
    if (clock.now() - this.#pingedAt >= pingMilliseconds) {
      const flaw = await this.#ping();
      if (flaw !== undefined) return lost(flaw);
    }
    try {
      const ending = await this.#meet();
      this.#heardAt = clock.now();
      return ending;
    } catch (error) {
      if (clock.now() - this.#heardAt < patienceMilliseconds) return undefined;
      return lost(`the table of records does not answer: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #ping(): Promise<string | undefined> {
    this.#pingedAt = this.#options.clock.now();
    return this.#options.lock.flaw();
  }

  async #meet(): Promise<Ending | undefined> {
    const { table, freeze, manifest, lock } = this.#options;
    const [held, record] = await Promise.all([readFreeze(table, freeze.database), readRecord(table, freeze.database)]);
    if (held?.id !== freeze.id) return { kind: 'taken', reason: 'a later freeze has the database' };
    if (held.endedAt !== undefined) return lost(held.reason ?? 'it was ended');
    const ending = endingOf(record, freeze, manifest);
    if (ending !== undefined) return ending;
    if (held.asked === undefined || held.asked === this.#answered) return undefined;
    const flaw = (await this.#ping()) ?? (await lock.gap());
    if (flaw !== undefined) return lost(flaw);
    await answerVerification(table, freeze.database, freeze.id, held.asked);
    this.#answered = held.asked;
    return undefined;
  }
}

/**
 * A retry of the import has another attempt and the same dump, which the freeze is for. A dump that is made again has another freeze.
 * A branch that was stopped and redriven runs its task again while its record still says that it was stopped.
 * @returns undefined while the branch needs the freeze
 */
export function endingOf(record: DatabaseRecord | undefined, freeze: Pick<NewFreeze, 'branch' | 'attempt' | 'since'>, manifest: string): Ending | undefined {
  if (record === undefined) return { kind: 'over', reason: 'the database has no record' };
  const isThisDump = record.dumpManifest === manifest || record.attempt === freeze.attempt;
  if (record.state === 'VERIFIED' && record.dumpManifest === manifest) return { kind: 'verified', reason: 'the database is verified' };
  if (record.state === 'DEAD_LETTERED' && record.updatedAt > freeze.since) return { kind: 'over', reason: `the database was dead-lettered: ${record.error ?? 'no reason'}` };
  if (record.owner !== freeze.branch) return { kind: 'over', reason: 'its branch has ended' };
  return isThisDump ? undefined : { kind: 'over', reason: 'its dump is made again' };
}

function lost(reason: string): Ending {
  return { kind: 'lost', reason };
}
