/** Sends statements in as few round trips as the refused ones among them allow. */
import type { Attempt } from '../../core/stored-objects/attempt.ts';
import { refusalOf } from '../../core/stored-objects/attempt.ts';
import type { Refusal } from '../../core/stored-objects/attempt.ts';
import { BatchError, bytesAsText } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

const batchedStatements = 500;

/** @param session takes bytes */
export function attemptAll(session: MysqlSession): Attempt {
  return async (statements) => {
    const refused = new Map<number, Refusal>();
    for (let first = 0; first < statements.length;) {
      const batch = statements.slice(first, first + batchedStatements);
      const failed = await firstRefused(session, batch);
      if (failed !== undefined) refused.set(first + failed.index, failed.refusal);
      first += failed === undefined ? batch.length : failed.index + 1;
    }
    return refused;
  };
}

async function firstRefused(
  session: MysqlSession,
  batch: readonly string[],
): Promise<{ readonly index: number; readonly refusal: Refusal } | undefined> {
  try {
    await session.executeAll(batch.map(bytesAsText));
    return undefined;
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    return { index: error.index, refusal: refusalOf(error.cause) };
  }
}
