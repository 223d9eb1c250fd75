/** What must hold after a trial, whatever went wrong in it. Each violation is a sentence. */
import { setTimeout as sleep } from 'node:timers/promises';
import { compareFleet } from '../../../local/fleet/compare.ts';
import { errorKinds } from '../../../core/errors.ts';
import type { Trial } from '../trial/trial.ts';
import { fingerprints } from '../world/world.ts';
import { changesBetween } from './fingerprint.ts';
import type { ReadRecord, Snapshot } from './records.ts';

/** How long a slot may be held after the last run's end: what frees it is told by an event. */
const slotMilliseconds = 10_000;

/** Of a run that has ended, before its causes are removed. */
export function outcomeFlaws({ plan, databases }: Trial, { records }: Snapshot): string[] {
  const allowed = new Set<string>(plan.faults.flatMap(({ kind }) => kind.allowed));
  const missing = databases.filter((name) => !records.some(({ database }) => database === name));
  return [
    ...missing.filter(() => records.length > 0).map((name) => `\`${name}\` has no record.`),
    ...records.flatMap((record) => reasonFlaws(record, allowed)),
  ];
}

function reasonFlaws({ database, transitions }: ReadRecord, allowed: ReadonlySet<string>): string[] {
  return transitions.flatMap(({ state, error, message = '' }) => {
    if (error === undefined) return [];
    const said = `\`${database}\` went to ${state} with ${error}: ${message}`;
    if (!Object.hasOwn(errorKinds, error)) return [`${said} (there is no such name)`];
    if (error === 'InternalError') return [said];
    return state === 'DEAD_LETTERED' && !allowed.has(error) ? [`${said} (no fault of the trial gives this reason)`] : [];
  });
}

/** After the causes are removed and the run has gone on: all is moved, and nothing is left over. */
export async function finalFlaws(trial: Trial): Promise<string[]> {
  return [...(await slotFlaws(trial)), ...(await contentFlaws(trial)), ...(await targetFlaws(trial)), ...(await bystanderFlaws(trial))];
}

async function slotFlaws({ reader }: Trial): Promise<string[]> {
  for (let waited = 0; ; waited += 200) {
    const { holders } = await reader.snapshot();
    if (holders.length === 0) return [];
    if (waited >= slotMilliseconds) return [`Slots are still held: ${holders.join(', ')}.`];
    await sleep(200);
  }
}

async function contentFlaws({ world, plan, subjects }: Trial): Promise<string[]> {
  const { differences } = await compareFleet({ source: world.source.adminAccess, target: world.target.adminAccess, databases: plan.databases, content: true });
  const flaws = differences.map(({ database, object, source, target }) => `\`${database}\` is VERIFIED and differs: ${object}: ${source} on the source, ${target} on the target.`);
  for (const subject of subjects.values()) {
    for (const database of subject.databases) {
      const flaw = await subject.flawOf(world.target.adminAccess, database);
      if (flaw !== undefined) flaws.push(`VERIFIED, and of no moment: ${flaw}`);
    }
  }
  return flaws;
}

async function targetFlaws({ world, databases }: Trial): Promise<string[]> {
  const rows = await world.target.admin("SELECT TABLE_SCHEMA AS place, TABLE_NAME AS name FROM information_schema.TABLES WHERE LEFT(TABLE_NAME, 14) = '_aurora_ferry_'");
  const marked = rows.filter(({ place }) => !world.bystanders.target.has(String(place)));
  const schemas = await world.target.admin('SHOW DATABASES');
  const known = new Set(['mysql', 'information_schema', 'performance_schema', 'sys', ...databases, ...world.bystanders.target.keys()]);
  const strange = schemas.map((row) => String(Object.values(row)[0])).filter((name) => !known.has(name));
  return [
    ...marked.map(({ place, name }) => `${String(name)} is left in \`${String(place)}\`.`),
    ...strange.map((name) => `The target has a database \`${name}\` that nobody asked for.`),
  ];
}

async function bystanderFlaws({ world }: Trial): Promise<string[]> {
  const flaws: string[] = [];
  for (const server of [world.source, world.target]) {
    const before = world.bystanders[server.role];
    const now = await fingerprints(server, [...before.keys()]);
    for (const [name, print] of before) {
      const changes = changesBetween(print, now.get(name) ?? new Map<string, string>());
      if (changes.length > 0) flaws.push(`\`${name}\` on the ${server.role} is no part of the migration, and was changed: ${changes.join('; ').slice(0, 800)}`);
    }
  }
  return flaws;
}
