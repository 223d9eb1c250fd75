/** An import whose task was cut off, or is run again by a redrive, finds what the one before it has done. */
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { checkMarker, lockDatabase, readMarker } from './ownership.ts';
import { freeTargetSlot, releaseDatabase } from './release.ts';
import { connectTarget, rankOf, readSuccess } from './target.ts';
import type { TargetTask } from './target.ts';

/**
 * The same attempt's import, or the import of an attempt before it that its task has verified too. The verified one only lacks
 * its release.
 * @param session holds the database's lock
 * @returns undefined when the database is to be loaded, or is not this migration's
 */
export async function findEarlierImport(context: TaskContext, target: TargetTask, session: MysqlSession): Promise<TaskOutcome | undefined> {
  const { task } = context;
  for (let { attempt } = task; attempt > 0; attempt -= 1) {
    const isOwn = attempt === task.attempt;
    const result = await readSuccess(context, 'import', attempt);
    if (result?.dumpManifest !== target.manifestKey) continue;
    if (result.verified === undefined && isOwn) return {};
    const isEnough = result.verified !== undefined && rankOf(result.verified) >= rankOf(target.verification);
    // Who asks for a replacement means what earlier attempts have verified as well.
    if (!isEnough || (target.replace && !isOwn)) continue;
    const marker = await readMarker(session, task.database);
    // Another migration's; or loaded again since, and who knows how far.
    if (marker !== undefined && (!checkMarker(marker, task) || marker.attempt !== attempt)) return undefined;
    return { ...(isOwn ? {} : { result }), afterReport: () => releaseAgain(context, target) };
  }
  return undefined;
}

async function releaseAgain(context: TaskContext, target: TargetTask): Promise<void> {
  const session = await connectTarget(target, context);
  try {
    const { database } = context.task;
    await session.execute('SET NAMES utf8mb4');
    await lockDatabase(session, database);
    // The lock was another connection's meanwhile: what came since is not released, and not touched.
    const marker = await readMarker(session, database);
    if (marker !== undefined && checkMarker(marker, context.task)) await releaseDatabase(context, target, session);
    else await freeTargetSlot(context);
  } finally {
    await session.close();
  }
}
