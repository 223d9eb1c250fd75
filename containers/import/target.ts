/** The target's side of the stages `import` and `verify`: their environment, their connection, their earlier reports. */
import { z } from 'zod';
import { reportSchema, verificationLevelSchema } from '../../core/contracts.ts';
import type { Report, stageSchema, VerificationLevel } from '../../core/contracts.ts';
import { conversionOptionsSchema } from '../../core/conversions.ts';
import type { ConversionOptions } from '../../core/conversions.ts';
import { readEnvironment } from '../../core/environment.ts';
import { reportKey } from '../../core/names.ts';
import { parseServerAccess } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';

const targetEnvironmentSchema = z.object({
  TARGET_SECRET: z.string().min(1),
  DUMP_MANIFEST: z.string().min(1),
  VERIFICATION: verificationLevelSchema.default('digests'),
  REPLACE: z.enum(['true', 'false']).default('false'),
  /** JSON, because its parts come through the state machine together. */
  CONVERSION: z.string().default('{}').transform(parseJson).pipe(conversionOptionsSchema),
});

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
}

export interface TargetTask {
  readonly access: ServerAccess;
  readonly manifestKey: string;
  readonly replace: boolean;
  readonly conversion: ConversionOptions;
  readonly verification: VerificationLevel;
}

export function readTargetTask(context: TaskContext): TargetTask {
  const environment = readEnvironment(targetEnvironmentSchema, context.environment);
  return {
    access: parseServerAccess('TARGET_SECRET', environment.TARGET_SECRET),
    manifestKey: environment.DUMP_MANIFEST,
    replace: environment.REPLACE === 'true',
    conversion: environment.CONVERSION,
    verification: environment.VERIFICATION,
  };
}

/**
 * @param settings SET statements for what the session begins with
 * @throws FerryError TargetUnreachable, TargetAccessDenied; AbortError
 */
export async function connectTarget(
  { access }: TargetTask,
  { signal, stopwatch, activity }: TaskContext,
  settings: readonly string[] = [],
): Promise<MysqlSession> {
  try {
    return await stopwatch.time('connect', () => MysqlSession.open(access, { signal, bytes: true, activity, settings }));
  } catch (error) {
    throw serverFailure('target', access, error);
  }
}

/** The report of an attempt of this database, when it tells of success. */
export async function readSuccess(
  { storage, task, signal }: TaskContext,
  stage: z.infer<typeof stageSchema>,
  attempt: number,
): Promise<NonNullable<Report['result']> | undefined> {
  const parsed = reportSchema.safeParse(await storage.getJson(reportKey(task.migration, task.database, attempt, stage), signal));
  return parsed.success && parsed.data.error === undefined ? parsed.data.result : undefined;
}

/** More compares more. A dump made by hand, or by an earlier version, is compared with whatever it holds. */
export function rankOf(level: VerificationLevel = 'digests'): number {
  return ['none', 'counts', 'digests'].indexOf(level);
}
