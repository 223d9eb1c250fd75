/** Which of a database's own functions have a name that MySQL has given to a function of its own on the target. */
import type { Manifest } from '../../core/contracts.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import { askNativeFunctions } from '../../core/stored-objects/ask-target.ts';
import { storedFunctionsCalled } from '../../core/stored-objects/native-names.ts';
import { storedObjectsOf } from '../../core/stored-objects/stored-object.ts';
import type { TaskContext } from '../common/task.ts';
import { attemptAll } from './attempt-all.ts';
import type { NativeFunctions } from './rewrite/rule.ts';
import { connectTarget } from './target.ts';
import type { TargetTask } from './target.ts';

/**
 * The target is asked only where a view calls a function of the database. A dump made by hand does not say what it has.
 * @throws what `connectTarget` throws
 */
export async function readNativeFunctions(
  context: TaskContext,
  target: TargetTask,
  { structure, database }: Manifest,
): Promise<NativeFunctions | undefined> {
  const called = structure === undefined ? [] : storedFunctionsCalled(storedObjectsOf(structure));
  if (called.length === 0) return undefined;
  const session = await connectTarget(target, context);
  try {
    const native = await askNativeFunctions(attemptAll(session), called);
    return { database, isNative: (name) => native.has(name) };
  } catch (error) {
    throw serverFailure('target', target.access, error);
  } finally {
    await session.close();
  }
}
