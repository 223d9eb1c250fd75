import { cpus } from 'node:os';

/** The share of this machine's processor time that was idle since the call before, 0 to 1; for the first call, since now. */
export function createProcessorMeter(): () => number {
  let before = processorTimes();
  return () => {
    const now = processorTimes();
    const total = now.total - before.total;
    const idle = now.idle - before.idle;
    before = now;
    return total === 0 ? 0 : idle / total;
  };
}

/** Milliseconds, summed over all cores. */
function processorTimes(): { readonly idle: number; readonly total: number } {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return { idle, total };
}
