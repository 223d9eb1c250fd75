/** One run with an outage in its middle, watched from outside: what operators saw, what was repeated, and what it cost in time. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteIdentifier } from '../../../core/names.ts';
import { compareFleet } from '../../../local/fleet/compare.ts';
import { RecordsReader, type ReadRecord } from '../reader/records.ts';
import { migration, Operation } from '../trial/operation.ts';
import { Commands } from '../world/commands.ts';
import { FaultFile } from '../world/fault-file.ts';
import { commandEnvironment, type World } from '../world/world.ts';
import type { Outage } from './outages.ts';

export interface OutageResult {
  readonly outage: string;
  readonly outageSeconds: number;
  readonly verified: number;
  readonly deadLettered: number;
  /** Until the first record said what it waits for; undefined where none did. */
  readonly seenAfterSeconds: number | undefined;
  readonly mostHeld: number;
  /** Dumps and imports that were done again though they had been finished. */
  readonly repeated: number;
  readonly runSeconds: number;
  /** Databases whose rows are not the same on both servers. */
  readonly different: readonly string[];
}

export interface OutageRunOptions {
  readonly world: World;
  readonly directory: string;
  readonly databases: readonly string[];
  readonly settings?: readonly string[];
}

/** @param outage undefined for the run that the others are compared with */
export async function runWithOutage(options: OutageRunOptions, outage: Outage | undefined, longestSeconds: number): Promise<OutageResult> {
  const { world, directory, databases } = options;
  const stateFolder = join(directory, 'state');
  for (const folder of [directory, join(directory, 'tmp')]) mkdirSync(folder, { recursive: true });
  const faults = new FaultFile(join(directory, 'faults.json'), 1);
  const { operation, reader } = prepare(options, stateFolder, faults);
  const began = Date.now();
  await operation.begin();
  const outageSeconds = outage === undefined ? 0 : longestSeconds * outage.share;
  const seen = outage === undefined ? { mostHeld: 0 } : await during(outage, { world, faults, stateFolder }, reader, databases, outageSeconds);
  while (!(await operation.isOver())) await sleep(250);
  const runSeconds = (Date.now() - began) / 1_000;
  const { records } = await reader.snapshot();
  await operation.stopRuntime();
  await world.source.heal();
  const compared = { source: world.source.adminAccess, target: world.target.adminAccess, databases, content: true };
  const { differences } = await compareFleet(compared);
  for (const name of databases) await world.target.admin(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
  return {
    outage: outage?.name ?? 'none',
    outageSeconds,
    verified: records.filter(({ state }) => state === 'VERIFIED').length,
    deadLettered: records.filter(({ transitions }) => transitions.some(({ state }) => state === 'DEAD_LETTERED')).length,
    seenAfterSeconds: seen.seenAfterSeconds,
    mostHeld: seen.mostHeld,
    repeated: records.reduce((sum, record) => sum + repeatedIn(record), 0),
    runSeconds,
    different: [...new Set(differences.map(({ database }) => database))],
  };
}

function prepare({ world, directory, databases, settings = [] }: OutageRunOptions, stateFolder: string, faults: FaultFile) {
  const commands = new Commands(directory, commandEnvironment(world, directory, faults));
  const reader = new RecordsReader(stateFolder, migration);
  const operation = new Operation({ way: 'local', commands, reader, serverWords: world.serverWords, settings, databases, violations: [] });
  return { operation, reader };
}

interface Seen {
  readonly seenAfterSeconds?: number | undefined;
  readonly mostHeld: number;
}

async function during(
  outage: Outage,
  place: Parameters<Outage['begin']>[0],
  reader: RecordsReader,
  databases: readonly string[],
  seconds: number,
): Promise<Seen> {
  const isThere = ({ transitions }: ReadRecord): boolean => transitions.some(({ state }) => state === outage.from);
  while ((await countOf(reader, isThere)) < databases.length / 3) await sleep(100);
  await outage.begin(place);
  const from = Date.now();
  let seenAfterSeconds: number | undefined;
  let mostHeld = 0;
  while (Date.now() - from < seconds * 1_000) {
    const held = await countOf(reader, ({ heldFor }) => heldFor !== undefined);
    if (held > 0) seenAfterSeconds ??= (Date.now() - from) / 1_000;
    mostHeld = Math.max(mostHeld, held);
    await sleep(seenAfterSeconds === undefined ? 100 : 1_000);
  }
  await outage.end(place);
  return { seenAfterSeconds, mostHeld };
}

/** 0 while the records themselves cannot be read. */
async function countOf(reader: RecordsReader, matches: (record: ReadRecord) => boolean): Promise<number> {
  const snapshot = await reader.snapshot().catch(() => undefined);
  return snapshot?.records.filter(matches).length ?? 0;
}

/** A stage that is entered after it was finished. */
function repeatedIn({ transitions }: ReadRecord): number {
  const again = (begun: string, finished: string): number => {
    const first = transitions.findIndex(({ state, heldFor, error }) => state === finished && heldFor === undefined && error === undefined);
    return first < 0 ? 0 : transitions.slice(first).filter(({ state }) => state === begun).length;
  };
  return again('DUMPING', 'DUMPED') + again('IMPORTING', 'IMPORTED');
}
