/**
 * Whether a held branch can go on. A server is asked by one branch for all, at a login every few seconds at most, and a
 * refused login is repeated when the secret has changed: so an account that is locked after some refusals is not locked
 * by Ferry. What is no server is found out by trying again.
 */
import { type ErrorName, FerryError, isErrorName } from '../../core/errors.ts';
import type { RecordsTable } from '../../core/records.ts';
import { heldSeconds, holdDelaySeconds, secondsSince, serverOf } from '../../core/recovery/holds.ts';
import { endOutage, noteFailedCheck, type Outage, readOutage, takeCheck } from '../../core/recovery/outages.ts';
import type { CheckOutageInput, Recovery } from '../../core/recovery/recovery.ts';
import { retryDelaySeconds, retryOf } from '../../core/recovery/retries.ts';
import type { SlotServer } from '../../core/slots.ts';

export interface CheckOutageDependencies {
  readonly table: RecordsTable;
  readonly servers: Readonly<Record<SlotServer, HeldServer>>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly now: () => Date;
}

export interface HeldServer {
  /** The version of the secret, which changes with its value. */
  readonly secretVersion: () => Promise<string>;
  /** Logs in and asks whether it can be worked with. @throws FerryError that says why not */
  readonly check: () => Promise<void>;
}

/** Between two questions to a server that does not answer. */
const [shortestCheckSeconds, longestCheckSeconds] = [5, 15];
/** Between the first two refused logins with one secret; from there on three times as long each time: four in half an hour. */
const refusedLoginSeconds = 60;

/** @returns the recovery that the branch has, with its outcome and hold as they are now */
export async function checkOutage(dependencies: CheckOutageDependencies, input: CheckOutageInput): Promise<Recovery> {
  const server = serverOf(input.recovery.hold.need);
  const now = dependencies.now();
  if (server === undefined) return resumed(input, now);
  const outage = await readOutage(dependencies.table, server);
  if (outage === undefined || isOverFor(outage, input)) return released(dependencies, input, outage);
  const answers = await asksInTurn(dependencies, server, outage);
  if (answers) return released(dependencies, input, outage);
  const known = (await readOutage(dependencies.table, server)) ?? outage;
  return heldOn(dependencies, input, known);
}

/** An outage that ended before this branch's failure is not the one that it waits for. */
function isOverFor({ overAt }: Outage, { recovery }: CheckOutageInput): boolean {
  return overAt !== undefined && overAt >= recovery.hold.since;
}

/** @returns whether this branch had the turn to ask the server, and it can be worked with */
async function asksInTurn({ table, servers, now }: CheckOutageDependencies, role: SlotServer, outage: Outage): Promise<boolean> {
  const server = servers[role];
  const isRefused = outage.error.endsWith('AccessDenied');
  const asked = now();
  const isDue = asked.toISOString() >= outage.nextCheckAt;
  if (!isDue && !isRefused) return false;
  const version = await server.secretVersion();
  const isNewSecret = isRefused && outage.secretVersion !== undefined && outage.secretVersion !== version;
  if (!isDue && !isNewSecret) return false;
  if (!(await takeCheck(table, role, outage, after(asked, longestCheckSeconds * 2)))) return false;
  try {
    await server.check();
  } catch (error) {
    const failure = FerryError.from(error);
    const nextCheckAt = after(now(), secondsToNextCheck(failure.name, isNewSecret ? { ...outage, failedChecks: 0 } : outage, now()));
    await noteFailedCheck(table, role, { error: failure.name, message: failure.message, nextCheckAt, secretVersion: version });
    return false;
  }
  await endOutage(table, role, now().toISOString());
  return true;
}

function secondsToNextCheck(error: ErrorName, { since, failedChecks }: Outage, now: Date): number {
  if (error.endsWith('AccessDenied')) return refusedLoginSeconds * 3 ** Math.min(failedChecks, 6);
  return Math.min(longestCheckSeconds, Math.max(shortestCheckSeconds, secondsSince(since, now) / 4));
}

/**
 * The server answers. Where it did so at once, and no other branch has missed it, it was this branch that failed: that
 * is a try like any other, or a database whose dump its server ends each time would be tried for ever.
 */
function released({ random, now }: CheckOutageDependencies, input: CheckOutageInput, outage: Outage | undefined): Recovery {
  const at = now();
  const wasOutage = outage !== undefined && (outage.shared || outage.failedChecks > 0 || outage.reporter !== input.branch);
  if (wasOutage) return resumed(input, at);
  const { recovery } = input;
  const over = { ...recovery, hold: endedHold(input, at) };
  const error = isErrorName(recovery.error) ? recovery.error : 'InternalError';
  const retry = retryOf(input, recovery.tries, { stage: recovery.stage, error, retryable: true });
  if (retry === undefined) return { ...over, outcome: 'DEAD_LETTER', attempt: input.attempt };
  return { ...over, ...retry, outcome: 'RETRY', delaySeconds: retryDelaySeconds(retry.tries[recovery.stage], random()) };
}

function resumed(input: CheckOutageInput, now: Date): Recovery {
  return { ...input.recovery, outcome: 'RESUME', hold: endedHold(input, now), attempt: input.attempt, delaySeconds: 0 };
}

function heldOn({ random, now }: CheckOutageDependencies, input: CheckOutageInput, outage: Outage): Recovery {
  const { recovery, holdMinutes } = input;
  const at = now();
  if (heldSeconds(recovery.hold, at) >= holdMinutes * 60) {
    const message = `Held for ${holdMinutes} minutes in vain. ${outage.message}`;
    return { ...recovery, outcome: 'DEAD_LETTER', error: outage.error, message, hold: endedHold(input, at), attempt: input.attempt };
  }
  return { ...recovery, outcome: 'HELD', attempt: input.attempt, delaySeconds: holdDelaySeconds(recovery.hold, at, random()) };
}

/** What it lasted counts for the next hold in the same stage. */
function endedHold({ recovery: { hold } }: CheckOutageInput, now: Date): Recovery['hold'] {
  return { ...hold, since: '', seconds: Math.round(heldSeconds(hold, now)) };
}

function after(time: Date, seconds: number): string {
  return new Date(time.getTime() + seconds * 1_000).toISOString();
}
