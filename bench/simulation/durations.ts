/** How long the servers work for one database. */
import type { Measured } from '../count/counts.ts';
import { megabyte } from './fleet.ts';
import type { Settings } from './settings.ts';

/** Seconds of one small database, and the share of a core that it uses meanwhile. */
interface Work {
  readonly seconds: number;
  readonly cores: number;
  readonly bytesPerSecond: number;
}

export interface Durations {
  readonly dump: (sqlBytes: number, atOnce: number) => number;
  readonly import: (sqlBytes: number, atOnce: number) => number;
  readonly verify: (sqlBytes: number) => number;
  /** In the dump's task, outside the slot. */
  readonly upload: (sqlBytes: number) => number;
}

/** CPU of source and target for one database of 30 tables: README, "How fast". */
const cpuSeconds = { dump: 0.242, import: 0.261 };
/** Of the migration that took 45 minutes, by export and by import thread: docs/limits.md. */
const publishedSeconds = { dump: 2.7, import: 10.8 };
/** From Fargate to S3, compressed; assumed. */
const uploadMegabytesPerSecond = 60;

export function durations(settings: Settings, measured: Measured): Durations {
  const dump: Work = { ...small(settings, 'dump', slotSeconds(measured)), bytesPerSecond: settings.dumpMegabytesPerSecond * megabyte };
  const load: Work = { ...small(settings, 'import', step(measured, 'import')), bytesPerSecond: settings.importMegabytesPerSecond * megabyte };
  return {
    dump: (sqlBytes, atOnce) => slowed(dump, sqlBytes, atOnce, settings.sourceCores, measured),
    import: (sqlBytes, atOnce) => slowed(load, sqlBytes, atOnce, settings.targetCores, measured),
    verify: (sqlBytes) => step(measured, 'verify') + sqlBytes / (settings.digestMegabytesPerSecond * megabyte),
    upload: (sqlBytes) => ((measured.dumpBytes / measured.sqlBytes) * Math.min(sqlBytes, 16 * megabyte)) / (uploadMegabytesPerSecond * megabyte),
  };
}

function small(settings: Settings, stage: 'dump' | 'import', seconds: number): Omit<Work, 'bytesPerSecond'> {
  return { seconds: settings.profile === 'published' ? publishedSeconds[stage] : seconds, cores: Math.min(1, cpuSeconds[stage] / seconds) };
}

/** Every step of a dump but the wait for its slot and what comes after it (containers/dump/dump-database.ts). */
function slotSeconds(measured: Measured): number {
  const outside = new Set(['dump.slot', 'dump.upload', 'dump.manifest']);
  const steps = Object.keys(measured.stageMilliseconds).filter((name) => name.startsWith('dump.') && !outside.has(name));
  return steps.reduce((total, name) => total + step(measured, name), 0);
}

/** A server with fewer free cores than its clients would use serves all of them more slowly. */
function slowed(work: Work, sqlBytes: number, atOnce: number, cores: number, measured: Measured): number {
  const slowdown = Math.max(1, (atOnce * work.cores) / cores);
  return (work.seconds + Math.max(0, sqlBytes - measured.sqlBytes) / work.bytesPerSecond) * slowdown;
}

/** Seconds. */
function step(measured: Measured, name: string): number {
  const milliseconds = measured.stageMilliseconds[name];
  if (milliseconds === undefined) throw new Error(`bench/count/measured.json has no ${name}: npm run count -- --write`);
  return milliseconds / 1_000;
}
