/** The run in intervals: how many branches were where, and what they waited for. */
import { type Place, places } from './ledger.ts';
import type { World } from './world.ts';

export interface Interval {
  readonly from: number;
  readonly to: number;
  /** Mean number of branches in each place. */
  readonly places: Readonly<Record<Place, number>>;
  readonly inFlight: number;
  readonly vcpus: number;
  /** VERIFIED by its end. */
  readonly verified: number;
  readonly transitionsPerSecond: number;
  readonly launchesPerSecond: number;
  readonly tableWriteUnits: number;
  readonly bottleneck: string;
}

export interface Phase {
  readonly bottleneck: string;
  readonly from: number;
  readonly to: number;
  readonly verified: number;
}

const intervalCount = 24;
/** A slot, a quota or a rate that is used this much is what holds the run up. */
const nearlyAll = 0.9;

export function intervalsOf(world: World, makespan: number): Interval[] {
  const length = Math.max(60, Math.ceil(makespan / intervalCount / 60) * 60);
  return Array.from({ length: Math.ceil(makespan / length) }, (_, index) => intervalOf(world, index * length, Math.min(Math.ceil(makespan), (index + 1) * length)));
}

/** Consecutive intervals with one bottleneck. */
export function phasesOf(intervals: readonly Interval[]): Phase[] {
  const phases: Phase[] = [];
  for (const { bottleneck, from, to, verified } of intervals) {
    const last = phases.at(-1);
    if (last?.bottleneck === bottleneck) phases[phases.length - 1] = { ...last, to, verified };
    else phases.push({ bottleneck, from, to, verified });
  }
  return phases;
}

function intervalOf(world: World, from: number, to: number): Interval {
  const { ledger } = world;
  const { rates } = ledger;
  const seconds = to - from;
  return {
    from,
    to,
    places: Object.fromEntries(places.map((place) => [place, ledger.places[place].mean(from, to)])) as Record<Place, number>,
    inFlight: ledger.inFlight.mean(from, to),
    vcpus: ledger.vcpus.mean(from, to),
    verified: rates.verified.sum(0, to),
    transitionsPerSecond: rates.transitions.sum(from, to) / seconds,
    launchesPerSecond: rates.launches.sum(from, to) / seconds,
    tableWriteUnits: (rates.recordUnits.sum(from, to) + rates.slotUnits.sum(from, to) + rates.sourcePollUnits.sum(from, to)) / seconds,
    bottleneck: bottleneckOf(world, from, to),
  };
}

/** The narrowest place is one that is full while branches wait for it. */
function bottleneckOf({ ledger, settings }: World, from: number, to: number): string {
  const waiting = (place: Place): boolean => ledger.places[place].mean(from, to) >= 1;
  if (ledger.sourceSlots.mean(from, to) >= nearlyAll * settings.dumpThreads && waiting('waiting for the source')) return 'source (dump threads)';
  if (ledger.targetSlots.mean(from, to) >= nearlyAll * settings.maxConnections && waiting('at the gate')) return 'gate (max connections)';
  if (ledger.vcpus.mean(from, to) >= nearlyAll * settings.vcpuQuota - settings.taskVcpus && ledger.refusals['vCPU quota'].sum(from, to) > 0) return 'vCPU quota';
  const launches = ledger.rates.launches.sum(from, to) / (to - from);
  if (launches >= nearlyAll * Math.min(settings.launchRate, settings.runTaskRate)) return 'launch rate (RunTask, Fargate)';
  if (ledger.inFlight.mean(from, to) >= nearlyAll * settings.maxConcurrency) return 'max concurrency, while containers start';
  return ledger.inFlight.mean(from, to) < settings.maxConcurrency / 4 ? 'the last and largest databases' : 'filling up or running out';
}
