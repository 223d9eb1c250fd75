/** The accounts that may write to a frozen database: their privileges are withdrawn, and given back. */
import { endSessions, giveBack, planWithdrawal } from '../../core/account-writes.ts';
import { FerryError } from '../../core/errors.ts';
import { readFreeze, writeLeft, writeWithdrawn } from '../../core/freezes.ts';
import type { NewFreeze } from '../../core/freezes.ts';
import { messageOf, serverFailure } from '../../core/mysql-failures.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { MysqlSession } from '../common/mysql-session.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';

/** A task that was told to stop has this long to let the writers in; afterwards `ferry unfreeze` does it. */
const letInMilliseconds = 20_000;

export class SourceWriters {
  readonly #context: TaskContext;
  readonly #access: ServerAccess;
  readonly #freeze: NewFreeze;

  constructor(context: TaskContext, access: ServerAccess, freeze: NewFreeze) {
    this.#context = context;
    this.#access = access;
    this.#freeze = freeze;
  }

  /**
   * What is withdrawn is on record before it is withdrawn, beside what an earlier freeze has left so.
   * @throws FerryError FreezeRefused, DatabaseClaimed, SourceAccessDenied, SourcePrivilegeMissing, SourceUnreachable, RecordsFailed
   */
  shutOut(): Promise<void> {
    const { slots: table, task, log, signal } = this.#context;
    return this.#withSession(signal, async (session) => {
      const { withdrawals, users, administrators } = await planWithdrawal(session, task.database);
      const earlier = (await withRecords('Reading the freeze', () => readFreeze(table, task.database)))?.withdrawn ?? [];
      const known = new Set(earlier.map(({ revoke }) => revoke));
      const all = [...earlier, ...withdrawals.filter(({ revoke }) => !known.has(revoke))];
      const written = all.length === 0 || (await withRecords('Writing the freeze', () => writeWithdrawn(table, this.#freeze, all)));
      if (!written) throw new FerryError('DatabaseClaimed', `The freeze of \`${task.database}\` was ended while it began.`);
      for (const { revoke } of withdrawals) await session.execute(revoke);
      await endSessions(session, task.database, users);
      if (administrators.length > 0) log.write('StageWarning', `These accounts may write to \`${task.database}\` once its lock is gone, because no privilege can keep them out: ${administrators.join(', ')}.`, {});
    });
  }

  /** Why the accounts may not be shut out any more. */
  async gap(): Promise<string | undefined> {
    try {
      const { withdrawals } = await this.#withSession(this.#context.signal, (session) => planWithdrawal(session, this.#context.task.database));
      return withdrawals.length === 0 ? undefined : `write privileges were given meanwhile to ${withdrawals.map(({ account }) => account).join(', ')}`;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** @returns whether all were given back; it never fails */
  async letIn(): Promise<boolean> {
    const { slots: table, task, log } = this.#context;
    try {
      const withdrawn = (await readFreeze(table, task.database))?.withdrawn ?? [];
      if (withdrawn.length === 0) return true;
      const { left, error } = await this.#withSession(AbortSignal.timeout(letInMilliseconds), (session) => giveBack(session, withdrawn));
      await writeLeft(table, task.database, this.#freeze.id, left);
      if (left.length === 0) return true;
      throw serverFailure('source', this.#access, error);
    } catch (error) {
      const { name, message } = FerryError.from(error);
      log.write('WritersNotLetIn', `Write privileges on \`${task.database}\` are still withdrawn; \`ferry unfreeze\` gives them back: ${message}`, { error: name });
      return false;
    }
  }

  async #withSession<Result>(signal: AbortSignal, work: (session: MysqlSession) => Promise<Result>): Promise<Result> {
    let session: MysqlSession | undefined;
    try {
      session = await MysqlSession.open(this.#access, { signal });
      return await work(session);
    } catch (error) {
      throw serverFailure('source', this.#access, error);
    } finally {
      await session?.close();
    }
  }
}
