/** What `npm run simulate` prints. */
import { textTable } from '../text-table.ts';
import { places, refusals } from './ledger.ts';
import { flagOf, settings, type SettingName, settingsSchema } from './settings.ts';
import type { Simulated } from './simulate.ts';

const shortPlaces = { 'starting dump': 'start', 'waiting for the source': 'wait', dumping: 'dump', 'at the gate': 'gate', 'starting import': 'start', importing: 'import', verifying: 'verify' } as const;

export function describeSimulated(simulated: Simulated): string {
  const { settings: given, peaks } = simulated;
  const lines = [
    `${thousands(given.databases)} databases, ${gigabytes(simulated.sqlBytes)} of SQL, the largest ${gigabytes(simulated.largestSqlBytes)}; seed ${given.seed}, profile ${given.profile}.`,
    `Settings: dump threads ${given.dumpThreads}, max connections ${given.maxConnections}, max concurrency ${thousands(given.maxConcurrency)}, vCPU quota ${thousands(given.vcpuQuota)}.`,
    '',
    `Done after ${duration(simulated.makespanSeconds)}: ${thousands(simulated.verified)} verified, ${thousands(simulated.deadLettered)} dead-lettered; ${(simulated.verified / simulated.makespanSeconds).toFixed(2)} databases a second.`,
    '',
    timeTable(simulated),
    '',
    'What held it up:',
    ...simulated.phases.map((phase) => `  ${duration(phase.from)} to ${duration(phase.to)}  ${phase.bottleneck} (${thousands(phase.verified)} verified by then)`),
    '',
    `Peaks: ${thousands(peaks.inFlight)} branches, ${thousands(peaks.vcpus)} vCPUs and as many IP addresses, ${peaks.targetSlots} target slots, ${peaks.transitionsPerSecond.toFixed(0)} transitions/s, ${peaks.launchesPerSecond.toFixed(1)} launches/s, ${peaks.gateCallsPerSecond.toFixed(1)} gate calls/s.`,
    `DynamoDB, one partition (limit 1,000 write units/s): table ${peaks.tableWriteUnits.toFixed(0)}, of it the slots ${peaks.slotWriteUnits.toFixed(0)}; index ${peaks.indexWriteUnits.toFixed(0)}.`,
    `Refused launches: ${refusals.map((name) => `${name} ${thousands(simulated.refusals[name])}`).join(', ')}. Tasks: ${thousands(simulated.tasks)}.`,
    ...warnings(simulated),
  ];
  return lines.join('\n');
}

/** What the run would not have survived, or not so well as simulated. */
export function warnings({ throttledWrites, deadLettered }: Simulated): string[] {
  return [
    ...(throttledWrites > 0 ? [`WARNING: ${thousands(throttledWrites)} writes came to a partition that was busy for more than two seconds: DynamoDB would have refused them, and branches would have failed with RecordsFailed.`] : []),
    ...(deadLettered > 0 ? ['WARNING: databases were dead-lettered only because ECS refused to launch their tasks: lower --max-concurrency or raise the quota.'] : []),
  ];
}

export function describeSettings(script: string): string {
  const standard = settings();
  const lines = Object.entries(settingsSchema.shape).map(([name, schema]) => [`  --${flagOf(name)}`, String(standard[name as SettingName]), schema.description ?? '']);
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return [`npm run ${script} -- [settings] [--json]`, '', ...lines.map(([flag = '', value = '', text = '']) => `${flag.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${text}`)].join('\n');
}

function timeTable({ intervals }: Simulated): string {
  const header = ['until', 'verified', 'in flight', ...places.map((place) => shortPlaces[place]), 'vCPUs', 'launches/s', 'transitions/s', 'WCU/s', 'bottleneck'];
  const lines = intervals.map((interval) => [
    duration(interval.to),
    thousands(interval.verified),
    interval.inFlight.toFixed(0),
    ...places.map((place) => interval.places[place].toFixed(0)),
    interval.vcpus.toFixed(0),
    interval.launchesPerSecond.toFixed(1),
    interval.transitionsPerSecond.toFixed(0),
    interval.tableWriteUnits.toFixed(0),
    interval.bottleneck,
  ]);
  return textTable([header, ...lines]);
}

/** `m:ss` or `h:mm:ss`, begun seconds. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const rest = `${String(minutes % 60).padStart(hours > 0 ? 2 : 1, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
