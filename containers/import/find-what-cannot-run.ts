/**
 * After the comparison: objects that are as on the source are tried, as far as that runs nothing, and what cannot run
 * is said.
 */
import type { Structure } from '../../core/objects/structure.ts';
import { askTarget } from '../../core/stored-objects/ask-target.ts';
import { cannotRunText, objectsIn } from '../../core/stored-objects/cannot-run.ts';
import type { CannotRun } from '../../core/stored-objects/cannot-run.ts';
import { storedObjectsOf } from '../../core/stored-objects/stored-object.ts';
import { whatCannotRun } from '../../core/stored-objects/what-cannot-run.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';
import { attemptAll } from './attempt-all.ts';
import { noteCannotRun } from './note-cannot-run.ts';

const shownObjects = 5;

/** @throws what ends the connection; FerryError RecordsFailed */
export async function findWhatCannotRun(
  context: TaskContext,
  session: MysqlSession,
  found: Structure,
): Promise<CannotRun[]> {
  const objects = storedObjectsOf(found);
  const cannotRun = objects.length === 0 ? [] : await examine(context, session, objects);
  await noteCannotRun(context, objectsIn(cannotRun));
  if (cannotRun.length > 0) context.log.write('StageWarning', messageOf(context.task.database, cannotRun), {});
  return cannotRun;
}

async function examine(
  { task }: TaskContext,
  session: MysqlSession,
  objects: ReturnType<typeof storedObjectsOf>,
): Promise<CannotRun[]> {
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  return whatCannotRun(
    await askTarget({ database: task.database, objects, query, attempt: attemptAll(session), isThere: true }),
  );
}

function messageOf(database: string, cannotRun: readonly CannotRun[]): string {
  const shown = cannotRun
    .slice(0, shownObjects)
    .map(({ object, cause, remedy }) => `${object}: ${cause} ${remedy}`)
    .join(' ');
  const more = cannotRun.length > shownObjects ? ` And ${cannotRun.length - shownObjects} more, in objects.json.` : '';
  return `\`${database}\` is as on the source, but ${cannotRunText(objectsIn(cannotRun))}: ${shown}${more}`;
}
