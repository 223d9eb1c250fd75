/** Wall time of a piece of work, and the CPU time that it cost each side. */
import type { RunningServer } from '../local/mysql/source-server.ts';
import { cpuOf, cpuOfTree } from './cpu.ts';

export interface Servers {
  readonly source: RunningServer;
  readonly target: RunningServer;
}

/** Milliseconds. */
export interface Measurement {
  readonly wall: number;
  readonly source: number;
  readonly target: number;
  /** Everything that is neither server: dump and import programs, and whatever directs them. */
  readonly clients: number;
}

export async function measure(servers: Servers, work: () => Promise<void>): Promise<Measurement> {
  const before = readClocks(servers);
  await work();
  const after = readClocks(servers);
  return {
    wall: after.wall - before.wall,
    source: after.source - before.source,
    target: after.target - before.target,
    clients: after.clients - before.clients,
  };
}

function readClocks({ source, target }: Servers): Measurement {
  return { wall: performance.now(), source: cpuOf(source.pid), target: cpuOf(target.pid), clients: cpuOfTree([source.pid, target.pid]) };
}

/** Waits until both servers have finished what they do behind the scenes (purging what was dropped, say). */
export async function untilIdle({ source, target }: Servers): Promise<void> {
  const windowMilliseconds = 500;
  for (let window = 0; window < 60; window += 1) {
    const before = cpuOf(source.pid) + cpuOf(target.pid);
    await new Promise((resolve) => setTimeout(resolve, windowMilliseconds));
    if (cpuOf(source.pid) + cpuOf(target.pid) - before < windowMilliseconds * 0.06) return;
  }
}
