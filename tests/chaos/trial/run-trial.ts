/** One trial: a run with faults, what came of it, the run again without them, and what must hold then. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteIdentifier } from '../../../core/names.ts';
import { finalFlaws, outcomeFlaws } from '../reader/invariants.ts';
import { leftoverFlaws, temporaryFiles } from '../reader/leftovers.ts';
import { RecordsReader, type ReadRecord } from '../reader/records.ts';
import { Commands } from '../world/commands.ts';
import { FaultFile } from '../world/fault-file.ts';
import { processesIn, signalProcess } from '../world/processes.ts';
import { SmallDisk } from '../world/small-disk.ts';
import { commandEnvironment, type World } from '../world/world.ts';
import { migration, Operation } from './operation.ts';
import type { Plan, PlannedFault } from './plan.ts';
import { Progress } from './progress.ts';
import { makeSubject } from './subject.ts';
import type { Trial } from './trial.ts';

export interface TrialResult {
  readonly plan: Plan;
  /** Those whose moment came. */
  readonly met: readonly PlannedFault[];
  /** Databases by what had become of them at the end of the run in which things went wrong: a state, or a dead letter's reason. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly continuations: number;
  readonly seconds: number;
  /** Seconds of the run with faults, of going on without them, of looking at both servers, of the end. */
  readonly phases: readonly number[];
  readonly violations: readonly string[];
}

export interface TrialOptions {
  readonly world: World;
  readonly directory: string;
  /** By which time limits are multiplied. */
  readonly patience: number;
}

const secondsOfRun = 90;
const continuationsAtMost = 3;

export async function runTrial(plan: Plan, options: TrialOptions): Promise<TrialResult> {
  const began = Date.now();
  const ended = new AbortController();
  const trial = await prepare(plan, options, ended.signal);
  const progress = new Progress(trial.reader);
  const watching = progress.watch();
  let outcomes: ReadonlyMap<string, number> = new Map();
  let met: readonly PlannedFault[] = [];
  let continuations = 0;
  const phases: number[] = [];
  const timed = async <Result>(work: Promise<Result>): Promise<Result> => {
    const from = Date.now();
    return work.finally(() => phases.push((Date.now() - from) / 1_000));
  };
  try {
    ({ met, outcomes } = await timed(firstRun(trial, progress, ended, options.patience)));
    continuations = await timed(goOnUntilVerified(trial, options.patience));
    trial.violations.push(...(await timed(finalFlaws(trial))));
    await timed(close(trial));
  } catch (error) {
    trial.violations.push(`The trial broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    ended.abort();
    progress.stop();
    await watching;
  }
  await cleanUp(trial);
  return { plan, met, outcomes, continuations, seconds: (Date.now() - began) / 1_000, phases, violations: trial.violations };
}

async function prepare(plan: Plan, { world, directory }: TrialOptions, over: AbortSignal): Promise<Trial> {
  const stateFolder = join(directory, 'state');
  for (const folder of [directory, join(directory, 'tmp')]) mkdirSync(folder, { recursive: true });
  const possible = plan.faults.filter(({ unavailable }) => unavailable === undefined);
  const disk = possible.some(({ kind }) => kind.smallDisk === true) ? SmallDisk.mount(stateFolder) : undefined;
  const faults = new FaultFile(join(directory, 'faults.json'));
  const subjects = new Map<'written' | 'changed', Awaited<ReturnType<typeof makeSubject>>>();
  for (const { kind } of possible) if (kind.subject !== undefined && !subjects.has(kind.subject)) subjects.set(kind.subject, await makeSubject(kind.subject, () => world.source.adminAccess));
  const databases = [...plan.databases, ...[...subjects.values()].flatMap((subject) => subject.databases)];
  const commands = new Commands(directory, commandEnvironment(world, directory, faults));
  const reader = new RecordsReader(stateFolder, migration);
  const violations: string[] = [];
  const operation = new Operation({ way: plan.way, commands, reader, serverWords: world.serverWords, settings: plan.settings, databases, violations });
  return { plan, world, directory, stateFolder, databases, subjects, operation, reader, faults, disk, violations, over };
}

async function firstRun(trial: Trial, progress: Progress, ended: AbortController, patience: number): Promise<Pick<TrialResult, 'met' | 'outcomes'>> {
  const met: PlannedFault[] = [];
  await trial.operation.begin();
  const injections = trial.plan.faults.filter(({ unavailable }) => unavailable === undefined).map(async (fault) => {
    if (!(await progress.until(fault.trigger, trial.over))) return;
    met.push(fault);
    await fault.injection.run(trial);
  });
  const settled = Promise.allSettled(injections);
  const seconds = secondsOfRun + trial.plan.faults.reduce((sum, { kind }) => sum + kind.seconds, 0);
  await untilOver(trial, seconds * patience, 'the run with faults');
  ended.abort();
  for (const result of await settled) if (result.status === 'rejected') noteBrokenFault(trial, result.reason);
  await untilOver(trial, seconds * patience, 'the run with faults');
  await heal(trial);
  await trial.operation.ensureRuntime();
  const snapshot = await trial.reader.snapshot();
  trial.violations.push(...outcomeFlaws(trial, snapshot));
  return { met, outcomes: countOutcomes(snapshot.records) };
}

/** Two faults may meet: a server that one has killed is no server that another can ask. */
function noteBrokenFault({ plan, violations }: Trial, reason: unknown): void {
  if (plan.faults.length === 1) violations.push(`The fault could not be carried out: ${String(reason)}`);
}

function countOutcomes(records: readonly ReadRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { state, error } of records) {
    const outcome = state === 'DEAD_LETTERED' ? (error ?? state) : state;
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}

async function untilOver({ operation, violations, reader }: Trial, seconds: number, what: string): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await operation.isOver())) {
    if (Date.now() > deadline) {
      const records = await reader.snapshot().then((snapshot) => snapshot.records, () => []);
      const open = records.filter(({ state }) => state !== 'VERIFIED').map(({ database, state, error }) => `${database} ${state} ${error ?? ''}`.trim());
      violations.push(`Stuck: ${what} had not ended after ${Math.round(seconds)} s; open: ${open.join(', ')}.`);
      throw new Error(`Gave up on ${what}.`);
    }
    await sleep(60);
  }
}

/** Everything is as it should be again. */
async function heal({ world, directory, faults, disk, subjects }: Trial): Promise<void> {
  faults.heal();
  disk?.empty();
  for (const { pid } of processesIn(directory)) signalProcess(pid, 'SIGCONT');
  for (const server of [world.source, world.target]) await server.heal();
  for (const subject of subjects.values()) await subject.end();
}

async function goOnUntilVerified(trial: Trial, patience: number): Promise<number> {
  for (let done = 0; ; done += 1) {
    const { records } = await trial.reader.snapshot();
    const open = trial.databases.filter((name) => records.find(({ database }) => database === name)?.state !== 'VERIFIED');
    if (open.length === 0) return done;
    if (done === continuationsAtMost) {
      const said = open.map((name) => `\`${name}\` ${JSON.stringify(records.find(({ database }) => database === name)?.transitions.slice(-2))}`);
      trial.violations.push(`Not VERIFIED after ${done} continuations without any fault: ${said.join(', ')}.`);
      throw new Error('Gave up on going on.');
    }
    await trial.operation.goOn();
    await untilOver(trial, secondsOfRun * patience, `continuation ${done + 1}`);
    await trial.operation.ensureRuntime();
  }
}

async function close(trial: Trial): Promise<void> {
  await trial.operation.stopRuntime();
  if (temporaryFiles(trial).length > 0) {
    // What a process that was killed had no time to remove, the next start does.
    await trial.operation.ensureRuntime();
    await trial.operation.stopRuntime();
  }
  trial.violations.push(...trial.operation.commandFlaws(), ...temporaryFiles(trial).map((name) => `The temporary file ${name} is left.`), ...(await leftoverFlaws(trial)));
}

async function cleanUp(trial: Trial): Promise<void> {
  const { world, directory, databases, subjects, disk, violations } = trial;
  for (const { pid } of processesIn(directory)) signalProcess(pid, 'SIGKILL');
  await heal(trial);
  for (const name of databases) await world.target.admin(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
  for (const subject of subjects.values()) await world.source.admin(...subject.databases.map((name) => `DROP DATABASE IF EXISTS ${name}`));
  disk?.[Symbol.dispose]();
  if (violations.length === 0) rmSync(directory, { recursive: true, force: true });
}
