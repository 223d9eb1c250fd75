/** A whole run on AWS, simulated: what it takes, where its branches are, and what it waits for. */
import { branch } from './branch.ts';
import { makeFleet } from './fleet.ts';
import { PerSecond, type Rate, type Refusal } from './ledger.ts';
import type { Settings } from './settings.ts';
import { type Interval, intervalsOf, type Phase, phasesOf } from './timeline.ts';
import { type Process, World } from './world.ts';

export interface Simulated {
  readonly settings: Settings;
  /** From the run's start to the last branch's end. */
  readonly makespanSeconds: number;
  readonly verified: number;
  readonly deadLettered: number;
  readonly sqlBytes: number;
  readonly largestSqlBytes: number;
  readonly totals: Readonly<Record<Rate, number>>;
  readonly refusals: Readonly<Record<Refusal, number>>;
  readonly tasks: number;
  readonly billedTaskSeconds: number;
  readonly lambdaSeconds: number;
  /** Writes that DynamoDB would have refused for more than two seconds. */
  readonly throttledWrites: number;
  readonly peaks: Peaks;
  readonly intervals: readonly Interval[];
  readonly phases: readonly Phase[];
}

export interface Peaks {
  readonly inFlight: number;
  readonly vcpus: number;
  readonly targetSlots: number;
  readonly transitionsPerSecond: number;
  readonly launchesPerSecond: number;
  readonly gateCallsPerSecond: number;
  /** Highest mean of ten seconds of the Map: of the partition that holds a migration's items, and of that of its index. */
  readonly tableWriteUnits: number;
  readonly indexWriteUnits: number;
  /** Of the hot item, the slots of source and target together. */
  readonly slotWriteUnits: number;
}

export function simulate(settings: Settings): Simulated {
  const world = new World(settings);
  const sizes = makeFleet(settings, world.measured, world.dice);
  world.start(run(world, sizes));
  world.run();
  const makespanSeconds = world.now;
  const intervals = intervalsOf(world, makespanSeconds);
  const { ledger } = world;
  return {
    settings,
    makespanSeconds,
    verified: world.verified,
    deadLettered: world.deadLettered,
    sqlBytes: sizes.reduce((total, bytes) => total + bytes, 0),
    largestSqlBytes: sizes.reduce((most, bytes) => Math.max(most, bytes), 0),
    totals: mapValues(ledger.rates, ({ total }) => total),
    refusals: mapValues(ledger.refusals, ({ total }) => total),
    tasks: world.launched,
    billedTaskSeconds: world.billedTaskSeconds,
    lambdaSeconds: world.lambdaSeconds,
    throttledWrites: world.throttledWrites,
    peaks: peaksOf(world),
    intervals,
    phases: phasesOf(intervals),
  };
}

/** SelectDatabases, then the Map: a branch whenever there is room for one, at the rate at which children are started. */
function* run(world: World, sizes: readonly number[]): Process {
  const { settings, ledger } = world;
  const registering = sizes.length / settings.registerRate;
  ledger.rates.recordUnits.spread(0, registering, settings.registerRate);
  ledger.rates.indexUnits.spread(0, registering, settings.registerRate);
  yield registering;
  for (const sqlBytes of sizes) {
    while (ledger.inFlight.value >= settings.maxConcurrency) yield pollSeconds;
    const wait = world.dispatch.reserve(world.now);
    if (wait > 0) yield wait;
    world.start(branch(world, sqlBytes));
  }
}

/** How soon the Map Run notices that a branch has ended; assumed. */
const pollSeconds = 0.25;

function peaksOf({ ledger, settings }: World): Peaks {
  const { rates } = ledger;
  const mapStart = Math.ceil(settings.databases / settings.registerRate);
  const table = PerSecond.sum([rates.recordUnits, rates.slotUnits, rates.sourcePollUnits]);
  return {
    inFlight: ledger.inFlight.peak,
    vcpus: ledger.vcpus.peak,
    targetSlots: ledger.targetSlots.peak,
    transitionsPerSecond: rates.transitions.peak(10),
    launchesPerSecond: rates.launches.peak(10),
    gateCallsPerSecond: rates.gateCalls.peak(10),
    tableWriteUnits: table.peak(10, mapStart),
    indexWriteUnits: rates.indexUnits.peak(10, mapStart),
    slotWriteUnits: PerSecond.sum([rates.slotUnits, rates.sourcePollUnits]).peak(10, mapStart),
  };
}

function mapValues<Name extends string, Value, Result>(record: Readonly<Record<Name, Value>>, of: (value: Value) => Result): Record<Name, Result> {
  return Object.fromEntries(Object.entries<Value>(record).map(([name, value]) => [name, of(value)])) as Record<Name, Result>;
}
