/**
 * Counts what is under way, once a minute: databases by state, and the slots that dumps and imports hold. It takes slots on the
 * source from branches that have ended: whoever waits for one asks the table alone, and four dead holders would stop all dumps.
 */
import { DescribeExecutionCommand, ExecutionDoesNotExist, paginateListExecutions, type SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { mapConcurrently } from '../../core/concurrency.ts';
import { migrationName } from '../../core/contracts.ts';
import { countsByState, type DatabaseState, databaseStates, type RecordsTable } from '../../core/records.ts';
import { readHolders } from '../../core/slots.ts';
import type { IsAlive } from '../shared/executions.ts';
import { sweepSlots } from '../shared/sweep-slots.ts';

export interface ProgressDependencies {
  readonly records: (migration: string) => RecordsTable;
  readonly stepFunctions: SFNClient;
  readonly stateMachineArn: string;
  /** The migration of each run that was seen before, kept between invocations: an execution's input never changes. */
  readonly migrationOf: Map<string, string>;
  readonly isAlive: IsAlive;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Summed over the migrations with a run under way. */
export interface Progress {
  readonly runs: number;
  readonly migrations: number;
  readonly dumpsInFlight: number;
  readonly importsInFlight: number;
  readonly databases: Readonly<Record<DatabaseState, number>>;
}

/** DescribeExecution has a small quota. */
const holdersPerSweep = 50;

const inputSchema = z.object({ migration: migrationName });

/** @returns undefined when nothing runs: then nothing but the list of executions has been asked for */
export async function countProgress(dependencies: ProgressDependencies): Promise<Progress | undefined> {
  const runArns = await listRuns(dependencies);
  if (runArns.length === 0) return undefined;
  for (const known of dependencies.migrationOf.keys()) if (!runArns.includes(known)) dependencies.migrationOf.delete(known);
  const named = await mapConcurrently(runArns, 4, (runArn) => readMigration(dependencies, runArn));
  const migrations = [...new Set(named.filter((name) => name !== undefined))];
  const counted = await mapConcurrently(migrations, 2, (migration) => countMigration(dependencies, dependencies.records(migration)));
  const sum = (numberOf: (each: MigrationCounts) => number): number => counted.reduce((total, each) => total + numberOf(each), 0);
  return {
    runs: runArns.length,
    migrations: migrations.length,
    dumpsInFlight: sum(({ dumps }) => dumps),
    importsInFlight: sum(({ imports }) => imports),
    databases: Object.fromEntries(databaseStates.map((state) => [state, sum(({ databases }) => databases[state])])) as Record<DatabaseState, number>,
  };
}

/** Runs only: the branches of a Map Run are not listed by their state machine. */
async function listRuns({ stepFunctions, stateMachineArn }: ProgressDependencies): Promise<string[]> {
  const runArns: string[] = [];
  for await (const page of paginateListExecutions({ client: stepFunctions }, { stateMachineArn, statusFilter: 'RUNNING' })) {
    runArns.push(...(page.executions ?? []).flatMap(({ executionArn }) => executionArn ?? []));
  }
  return runArns;
}

/** Undefined when the run's input names none: SelectDatabases is about to refuse it. */
async function readMigration({ stepFunctions, migrationOf }: ProgressDependencies, runArn: string): Promise<string | undefined> {
  const known = migrationOf.get(runArn);
  if (known !== undefined) return known;
  const migration = inputSchema.safeParse(parseJson(await readInput(stepFunctions, runArn))).data?.migration;
  if (migration !== undefined) migrationOf.set(runArn, migration);
  return migration;
}

async function readInput(stepFunctions: SFNClient, executionArn: string): Promise<string> {
  try {
    const { input } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return input ?? '';
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return '';
    throw error;
  }
}

interface MigrationCounts {
  readonly dumps: number;
  readonly imports: number;
  readonly databases: Readonly<Record<DatabaseState, number>>;
}

async function countMigration(dependencies: ProgressDependencies, table: RecordsTable): Promise<MigrationCounts> {
  const [source, target, databases] = await Promise.all([readHolders(table, 'source'), readHolders(table, 'target'), countsByState(table)]);
  const freed = await sweepSome(dependencies, table, Object.keys(source));
  return { dumps: Object.keys(source).length - freed, imports: Object.keys(target).length, databases };
}

/** Others each time, so that all are asked about in the end. */
function sweepSome({ isAlive, random }: ProgressDependencies, table: RecordsTable, holders: readonly string[]): Promise<number> {
  const shuffled = holders.map((holder) => ({ holder, order: random() })).sort((a, b) => a.order - b.order);
  return sweepSlots(table, 'source', shuffled.slice(0, holdersPerSweep).map(({ holder }) => holder), isAlive);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
