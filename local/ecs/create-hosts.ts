import { availableParallelism, freemem } from 'node:os';
import type { LocalTaskDefinition } from '../template/stack-types.ts';
import type { HostOptions } from './host-process.ts';
import { HostPool } from './host-pool.ts';
import { createProcessorMeter } from './processor-meter.ts';

export interface HostsOptions extends Omit<HostOptions, 'heapMegabytes'> {
  readonly taskDefinitions: readonly LocalTaskDefinition[];
  /** At once; as memory allows unless given. */
  readonly maxTasks: number | undefined;
}

/** The processes in which this machine runs tasks. */
export function createHosts({ taskDefinitions, maxTasks, ...options }: HostsOptions): HostPool {
  const maxHosts = maxTasks ?? defaultMaxTasks();
  return new HostPool({
    ...options,
    heapMegabytes: Math.max(...taskDefinitions.map(({ memory }) => Number(memory)), 512),
    maxHosts,
    eagerHosts: Math.min(2 * availableParallelism(), maxHosts),
    warmHosts: Math.min(2, maxHosts),
    idleShare: createProcessorMeter(),
    maxTasksPerHost: 500,
    maxRssBytes: 512 * 1024 ** 2,
  });
}

/** Half of the free memory, at some 200 MB for each task. */
function defaultMaxTasks(): number {
  const byMemory = Math.floor(freemem() / 2 / (200 * 1024 ** 2));
  return Math.max(4, Math.min(32, byMemory));
}
