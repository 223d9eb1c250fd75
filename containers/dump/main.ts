/** The task program `dump`: stage `dump` of a branch, and the look at the source that `ferry doctor` asks for. */
import { checkStage } from '../../core/server-check.ts';
import { runCheck } from '../common/check-task.ts';
import { runAsProgram } from '../common/program.ts';
import { taskLog } from '../common/stage-log.ts';
import { runTask } from '../common/task.ts';
import type { Environment } from '../common/task-environment.ts';
import { supportedMysqldump } from './client-programs.ts';
import { dumpStage } from './frozen-dump.ts';

/**
 * @param log where a caller in the same process wants the task's events; else they go to the process's own output
 * @returns the exit code, from core/errors.ts
 */
export function run(environment: Environment, signal: AbortSignal, log = taskLog(environment)): Promise<number> {
  if (environment['STAGE'] === checkStage) return runCheck({ environment, signal, log }, checked);
  return runTask({ environment, signal, log }, { dump: dumpStage });
}

const checked = {
  role: 'source',
  secret: 'SOURCE_SECRET',
  client: ({ PATH = '/usr/local/bin:/usr/bin:/bin' }: Environment) => supportedMysqldump(PATH),
} as const;

if (import.meta.main) await runAsProgram(run);
