/** One database's way through `statemachines/migrate-databases.asl.json`, with the delays and retries of the code itself. */
import { delaySeconds } from '../../functions/check-aurora-connections/grant-slot.ts';
import { begunHold, holdDelaySeconds } from '../../core/recovery/holds.ts';
import { firstRecovery, type Hold } from '../../core/recovery/recovery.ts';
import type { Process, Wait, World } from './world.ts';

type Stage = 'dump' | 'import';

const startingPlace = { dump: 'starting dump', import: 'starting import' } as const;
/** Fargate bills a minute at least. */
const shortestBilledSeconds = 60;
/** States of a branch; with both tasks they sum to those that were counted (tests/unit/bench/simulation.test.ts). */
export const statesOf = {
  /** ClaimDatabase, ResumeWhereRecordSays, RecordDumping, IsSourceFrozen, DumpDatabase */
  untilDump: 5,
  /** ReadDumpReport, RecordDumped */
  afterDump: 2,
  /** CheckAuroraConnections, IsImportGranted; a refusal has WaitForConnections too */
  gateCall: 2,
  gateWait: 1,
  /** RecordImporting, ImportDatabase */
  untilImport: 2,
  /** ReadImportReport, RecordImported, IsDatabaseVerified */
  afterImport: 3,
  /** RecordVerified, DatabaseVerified */
  end: 2,
  /** ClassifyFailure, HowToGoOn, RecordRetry, WaitBeforeRetry, ResumeWhereRecordSays */
  retry: 5,
  /** ClassifyFailure, HowToGoOn, RecordHeld, WaitWhileHeld, CheckOutage, HowToGoOn, RecordResumed, ResumeWhereRecordSays */
  hold: 8,
  /** RecordImporting, ImportDatabase; RecordDumping, IsSourceFrozen, DumpDatabase have one more */
  stageAgain: 2,
  /** ClassifyFailure, HowToGoOn, RecordDeadLettered, SendDeadLetter, PublishDeadLetter, DatabaseDeadLettered */
  deadLetter: 6,
} as const;

export function* branch(world: World, sqlBytes: number): Process {
  world.ledger.inFlight.change(world.now, 1);
  world.move(undefined, 'starting dump');
  yield world.writeRecord();
  yield world.writeRecord();
  yield* call(world, statesOf.untilDump, 2);
  const ended = (yield* dump(world, sqlBytes)) && (yield* gate(world)) && (yield* load(world, sqlBytes));
  if (ended) {
    yield world.writeRecord();
    yield* call(world, statesOf.end, 1);
    world.verified += 1;
    world.ledger.rates.verified.add(world.now, 1);
  } else world.deadLettered += 1;
  world.ledger.inFlight.change(world.now, -1);
}

type Part = Generator<Wait, boolean, void>;

function* dump(world: World, sqlBytes: number): Part {
  const ran = yield* stage(world, 'dump', function* () {
    world.move('starting dump', 'waiting for the source');
    yield (resume) => { world.sourceSlots.take(world.now, resume); };
    world.move('waiting for the source', 'dumping');
    yield world.durations.dump(sqlBytes, world.sourceSlots.held);
    world.sourceSlots.free(world.now);
    yield world.durations.upload(sqlBytes);
  });
  if (!ran) return false;
  yield* call(world, statesOf.afterDump, 2);
  yield world.writeRecord();
  world.move('dumping', 'at the gate');
  return true;
}

/** Asks until it is granted: with no other connections than Ferry's own. */
function* gate(world: World): Part {
  const { ledger, settings, dice } = world;
  for (let polls = 0; ; polls += 1) {
    ledger.rates.gateCalls.add(world.now, 1);
    world.lambdaSeconds += settings.callSeconds;
    yield* call(world, statesOf.gateCall, 1);
    const full = ledger.targetSlots.value >= settings.maxConnections;
    yield world.writeTargetSlots(full);
    if (!full && ledger.targetSlots.value < settings.maxConnections) break;
    yield* call(world, statesOf.gateWait, 0);
    yield delaySeconds(0, polls, dice.uniform());
  }
  ledger.targetSlots.change(world.now, 1);
  world.move('at the gate', 'starting import');
  return true;
}

function* load(world: World, sqlBytes: number): Part {
  yield world.writeRecord();
  yield* call(world, statesOf.untilImport, 1);
  const ran = yield* stage(world, 'import', function* () {
    world.move('starting import', 'importing');
    yield world.writeTargetSlots();
    world.importing += 1;
    yield world.durations.import(sqlBytes, world.importing);
    world.importing -= 1;
    world.move('importing', 'verifying');
    yield world.durations.verify(sqlBytes);
    yield* freeTargetSlot(world);
  });
  if (!ran) return false;
  yield* call(world, statesOf.afterImport, 2);
  yield world.writeRecord();
  world.move('verifying', undefined);
  return true;
}

/** @returns false when the stage was given up: the task could not be started for as long as the branch is held */
function* stage(world: World, name: Stage, work: () => Process): Part {
  for (let hold = begunHold(firstRecovery.hold, name, 'capacity', new Date(0)); !(yield* launched(world)); ) {
    const seconds = yield* holdForCapacity(world, name, hold);
    if (seconds === undefined) return false;
    hold = { ...hold, seconds: hold.seconds + seconds };
  }
  const { settings, dice } = world;
  const startSeconds = dice.logNormal(settings.startSeconds, settings.startSpread);
  const from = world.now;
  yield startSeconds;
  yield* work();
  yield settings.stopSeconds;
  world.stopped(Math.max(shortestBilledSeconds, Math.ceil(world.now - from - Math.min(startSeconds, settings.unbilledStartSeconds))));
  return true;
}

/** RunTask, and the state's own Retry when ECS refuses. */
function* launched(world: World): Part {
  const { launchRetry, dice } = world;
  for (let tries = 0; world.launch() !== undefined; tries += 1) {
    if (tries >= launchRetry.maxAttempts) return false;
    yield dice.uniform() * launchRetry.ceilingSeconds(tries);
    world.enterStates(1);
  }
  return true;
}

type Held = Generator<Wait, number | undefined, void>;

/** CapacityUnavailable: classified, recorded, and waited for without spending a try. @returns for how long; undefined at the end */
function* holdForCapacity(world: World, name: Stage, hold: Hold): Held {
  const { settings, dice } = world;
  if (name !== 'dump') yield* freeTargetSlot(world);
  yield world.writeRecord();
  world.lambdaSeconds += settings.callSeconds;
  if (hold.seconds >= settings.holdMinutes * 60) {
    yield* call(world, statesOf.deadLetter, 3);
    world.move(startingPlace[name], undefined);
    return undefined;
  }
  const seconds = holdDelaySeconds({ ...hold, since: '' }, new Date(0), dice.uniform());
  world.lambdaSeconds += settings.callSeconds;
  yield* call(world, statesOf.hold, 3);
  yield seconds;
  yield world.writeRecord();
  if (name !== 'dump') {
    world.move(startingPlace[name], 'at the gate');
    yield* gate(world);
  }
  yield world.writeRecord();
  yield* call(world, statesOf.stageAgain + (name === 'dump' ? 1 : 0), 1);
  return seconds;
}

function* freeTargetSlot(world: World): Process {
  yield world.writeTargetSlots();
  world.ledger.targetSlots.change(world.now, -1);
}

/** States entered, of which `calls` ask a service for something. */
function* call(world: World, states: number, calls: number): Process {
  yield world.enterStates(states) + calls * world.settings.callSeconds;
}
