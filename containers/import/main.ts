/** The task program `import`: the stages `import` and `verify` of a branch. */
import { runAsProgram } from '../common/program.ts';
import { runTask } from '../common/task.ts';
import type { Environment } from '../common/task-environment.ts';
import { importDatabase } from './import-database.ts';
import { verifyDatabase } from './verify-database.ts';

/** @returns the exit code, from core/errors.ts */
export function run(environment: Environment, signal: AbortSignal): Promise<number> {
  return runTask(environment, signal, { import: importDatabase, verify: verifyDatabase });
}

if (import.meta.main) await runAsProgram(run);
