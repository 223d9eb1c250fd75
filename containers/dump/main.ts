/** The task program `dump`: stage `dump` of a branch, and the look at the source that `ferry doctor` asks for. */
import { checkStage } from '../../core/server-check.ts';
import { runCheck } from '../common/check-task.ts';
import { runAsProgram } from '../common/program.ts';
import { runTask } from '../common/task.ts';
import type { Environment } from '../common/task-environment.ts';
import { supportedMysqldump } from './client-programs.ts';
import { dumpStage } from './frozen-dump.ts';

/** @returns the exit code, from core/errors.ts */
export function run(environment: Environment, signal: AbortSignal): Promise<number> {
  if (environment['STAGE'] === checkStage) return runCheck(environment, signal, checked);
  return runTask(environment, signal, { dump: dumpStage });
}

const checked = {
  role: 'source',
  secret: 'SOURCE_SECRET',
  client: ({ PATH = '/usr/local/bin:/usr/bin:/bin' }: Environment) => supportedMysqldump(PATH),
} as const;

if (import.meta.main) await runAsProgram(run);
