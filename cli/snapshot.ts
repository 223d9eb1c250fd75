/** One look at a migration: its run, its pass, its records, its slots. */
import { listFreezes } from '../core/freezes.ts';
import { readHolders } from '../core/slots.ts';
import type { Holders } from '../core/slots.ts';
import type { Deployment } from './deployment.ts';
import type { RunSnapshot, SlotHolder, Snapshot } from './progress.ts';
import { hasEnded } from './estimate.ts';
import { readRecords } from '../core/records.ts';
import type { RecordsTable } from '../core/records.ts';
import type { DatabaseRow } from './records.ts';
import { readDatabaseRows, recordsTable } from './records.ts';
import { describePasses, describeRun } from './runs.ts';

/**
 * @param run the run to look at; undefined for a migration that has only records
 * @param withOwners whether to find out which database each slot's holder works on (one more read)
 */
export async function takeSnapshot(
  deployment: Deployment,
  migration: string,
  run: Pick<RunSnapshot, 'arn'> | undefined,
  at: Date,
  withOwners = false,
): Promise<Snapshot> {
  const described = run === undefined ? undefined : await describeRun(deployment, run.arn);
  const table = recordsTable(deployment, migration);
  // The run is read before the records: when it has ended, they are what it left.
  const [passes, databases, source, target, freezes] = await Promise.all([
    described === undefined ? { passes: 0, unfinished: undefined } : describePasses(deployment, described),
    readDatabaseRows(table),
    readHolders(table, 'source'),
    readHolders(table, 'target'),
    listFreezes(table),
  ]);
  return {
    at,
    migration,
    run: described,
    passes: passes.passes,
    unfinishedInPass: described === undefined || hasEnded(described) ? undefined : passes.unfinished,
    databases,
    slots: { source: toSlotHolders(source), target: toSlotHolders(target) },
    freezes,
    owners: withOwners ? await readOwners(table, databases) : undefined,
  };
}

function toSlotHolders(holders: Holders): SlotHolder[] {
  return Object.entries(holders).map(([holder, grantedAt]) => ({ holder, grantedAt: new Date(grantedAt) }));
}

const ownedStates: ReadonlySet<string> = new Set(['DUMPING', 'DUMPED', 'IMPORTING', 'IMPORTED']);

async function readOwners(table: RecordsTable, databases: readonly DatabaseRow[]): Promise<Map<string, string>> {
  const names = databases.filter(({ state }) => ownedStates.has(state)).map(({ database }) => database);
  const records = await readRecords(table, names);
  return new Map([...records.values()].flatMap(({ owner, database }) => (owner === undefined ? [] : [[owner, database] as const])));
}
