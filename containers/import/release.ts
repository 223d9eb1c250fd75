/** The end of a verified database's branch on the target: the marker goes, then the slot. */
import { freeSlot } from '../../core/slots.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';
import { dropMarker } from './ownership.ts';
import type { TargetTask } from './target.ts';

/** Only once the verification's report is stored: without marker and report the database is somebody else's. */
export async function releaseDatabase(context: TaskContext, { access }: TargetTask, session: MysqlSession): Promise<void> {
  try {
    await dropMarker(session, context.task.database);
  } catch (error) {
    throw serverFailure('target', access, error);
  }
  await freeTargetSlot(context);
}

/** Not worth a failure: a slot that stays held is swept with its branch. */
export async function freeTargetSlot({ slots, task, log }: TaskContext): Promise<void> {
  await withRecords('Freeing the target slot', () => freeSlot(slots, 'target', task.branch)).catch((error: unknown) => {
    log.write('StageWarning', `The target slot stays held until it is swept: ${String(error)}`, {});
  });
}
