/** The task program `dump`: stage `dump` of a branch. */
import { runAsProgram } from '../common/program.ts';
import { runTask } from '../common/task.ts';
import type { Environment } from '../common/task-environment.ts';
import { dumpDatabase } from './dump-database.ts';

/** @returns the exit code, from core/errors.ts */
export function run(environment: Environment, signal: AbortSignal): Promise<number> {
  return runTask(environment, signal, { dump: dumpDatabase });
}

if (import.meta.main) await runAsProgram(run);
