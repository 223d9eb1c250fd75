/**
 * The stage `check` of both task programs: looks at the task's own server with its own secret, from its own subnets, and writes
 * what it finds to the bucket. It migrates nothing and changes nothing.
 */
import { z } from 'zod';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { ServerRole } from '../../core/mysql-failures.ts';
import { parseServerAccess } from '../../core/server-access.ts';
import { checkReportKey, doctorMigration } from '../../core/server-check.ts';
import type { CheckReport } from '../../core/server-check.ts';
import { readHolders } from '../../core/slots.ts';
import { awsClients } from './aws-clients.ts';
import { withRecords } from './records.ts';
import { readServerFacts } from './server-facts.ts';
import { failureFields } from './stage-log.ts';
import { Storage } from './storage.ts';
import type { TaskCall } from './task.ts';
import type { Environment } from './task-environment.ts';

const environmentSchema = z.object({ TABLE_NAME: z.string().min(1), BUCKET_NAME: z.string().min(1), CHECK_ID: z.string().regex(/^[\w-]{1,80}$/) });

type Failure = NonNullable<CheckReport['error']>;

export interface CheckedServer {
  readonly role: ServerRole;
  /** The environment variable that holds its secret. */
  readonly secret: 'SOURCE_SECRET' | 'TARGET_SECRET';
  /** The version of the client program that the task uses, where it uses one. */
  readonly client?: (environment: Environment) => Promise<string>;
}

/** @returns the exit code: 0, or that of the first failure in the report */
export async function runCheck({ environment, signal, log }: TaskCall, server: CheckedServer): Promise<number> {
  const failures: FerryError[] = [];
  const attempt = async <Result>(work: () => Promise<Result>): Promise<{ readonly result?: Result; readonly error?: Failure }> => {
    try {
      return { result: await work() };
    } catch (error) {
      const failure = FerryError.from(error);
      failures.push(failure);
      log.write('CheckFailed', failure.message, { ...failureFields(failure), stage: 'check' });
      return { error: { name: failure.name, message: failure.message } };
    }
  };
  await attempt(async () => {
    const { TABLE_NAME: tableName, BUCKET_NAME: bucket, CHECK_ID: checkId } = readEnvironment(environmentSchema, environment);
    const clients = awsClients(environment);
    const facts = await attempt(() => lookAt(environment, signal, server));
    const slots = { client: clients.dynamodb, tableName, migration: doctorMigration };
    const records = await attempt(() => withRecords('Reading the table', () => readHolders(slots, server.role)));
    const client = await attempt(async () => server.client?.(environment));
    const report: CheckReport = {
      server: server.role,
      checkedAt: new Date().toISOString(),
      ...(facts.result === undefined ? {} : { facts: facts.result }),
      ...(facts.error === undefined ? {} : { error: facts.error }),
      ...(records.error === undefined ? {} : { recordsError: records.error }),
      ...(client.result === undefined ? {} : { client: client.result }),
      ...(client.error === undefined ? {} : { clientError: client.error }),
    };
    await new Storage(clients.s3, bucket).putJson(checkReportKey(checkId, server.role), report, signal);
  });
  return failures[0]?.exitCode ?? 0;
}

async function lookAt(environment: Environment, signal: AbortSignal, { role, secret }: CheckedServer): Promise<CheckReport['facts']> {
  const access = parseServerAccess(secret, environment[secret] ?? '');
  try {
    return await readServerFacts(access, signal, role);
  } catch (error) {
    throw serverFailure(role, access, error);
  }
}
