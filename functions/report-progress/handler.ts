import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import type { MetricName } from '../../core/events.ts';
import type { DatabaseState } from '../../core/records.ts';
import { recordsOf, stepFunctionsClient } from '../shared/clients.ts';
import { executionLiveness } from '../shared/executions.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { countProgress } from './report-progress.ts';

const environment = readEnvironment(z.object({ TABLE_NAME: z.string().min(1), STATE_MACHINE_ARN: z.string().min(1) }), process.env);
const stepFunctions = stepFunctionsClient();
const dependencies = {
  records: recordsOf(environment.TABLE_NAME),
  stepFunctions,
  stateMachineArn: environment.STATE_MACHINE_ARN,
  migrationOf: new Map<string, string>(),
  isAlive: executionLiveness(stepFunctions),
  random: Math.random,
};

const metricOf = {
  PENDING: 'DatabasesPending',
  DUMPING: 'DatabasesDumping',
  DUMPED: 'DatabasesDumped',
  IMPORTING: 'DatabasesImporting',
  IMPORTED: 'DatabasesImported',
  VERIFIED: 'DatabasesVerified',
  RETRYING: 'DatabasesRetrying',
  DEAD_LETTERED: 'DatabasesDeadLettered',
} as const satisfies Record<DatabaseState, MetricName>;

/** To what alarms add up: without these, a minute in which nothing happens would have no data, and no alarm. */
const nothingYet = { DumpedSqlBytes: 0, ImportedSqlBytes: 0, Verifications: 0, StageFailures: 0, DeadLetters: 0, GateGrants: 0, GateRefusals: 0 } as const;

/** Called by EventBridge every minute; says nothing, and so costs no metric, when nothing runs. */
export const handler = lambdaHandler(z.unknown(), async (_event, log) => {
  const progress = await countProgress(dependencies);
  if (progress === undefined) return { runs: 0 };
  const { runs, migrations, dumpsInFlight, importsInFlight, databases } = progress;
  const byState = Object.fromEntries(Object.entries(metricOf).map(([state, name]) => [name, databases[state as DatabaseState]]));
  log.write('ProgressReported', `${runs} under way: ${databases.VERIFIED} databases are verified.`, { runs, migrations }, {
    RunsUnderWay: runs,
    DumpsInFlight: dumpsInFlight,
    ImportsInFlight: importsInFlight,
    ...byState,
    ...nothingYet,
  });
  return { runs };
});
