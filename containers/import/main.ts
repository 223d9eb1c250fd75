/** The task program `import`: the stages `import` and `verify` of a branch, and the look at the target that `ferry doctor` asks for. */
import { checkStage } from '../../core/server-check.ts';
import { runCheck } from '../common/check-task.ts';
import { runAsProgram } from '../common/program.ts';
import { taskLog } from '../common/stage-log.ts';
import { runTask } from '../common/task.ts';
import type { Environment } from '../common/task-environment.ts';
import { importDatabase } from './import-database.ts';
import { verifyDatabase } from './verify-database.ts';

/**
 * @param log where a caller in the same process wants the task's events; else they go to the process's own output
 * @returns the exit code, from core/errors.ts
 */
export function run(environment: Environment, signal: AbortSignal, log = taskLog(environment)): Promise<number> {
  if (environment['STAGE'] === checkStage) return runCheck({ environment, signal, log }, { role: 'target', secret: 'TARGET_SECRET' });
  return runTask({ environment, signal, log }, { import: importDatabase, verify: verifyDatabase });
}

if (import.meta.main) await runAsProgram(run);
