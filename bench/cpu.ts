/** CPU time of processes, from /proc (proc_pid_stat(5)). */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessTimes {
  readonly parent: number;
  /** Milliseconds of its own threads. */
  readonly own: number;
  /** Milliseconds of children that have ended and were waited for, and of theirs. */
  readonly reaped: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Milliseconds that a process has used, its threads together. @throws Error for a process that has ended */
export function cpuOf(pid: number): number {
  const times = readTimes(pid);
  if (times === undefined) throw new Error(`Process ${pid} has ended.`);
  return times.own;
}

/**
 * Milliseconds used by this process and all its descendants, alive or ended, without the trees of `excluded`. A process
 * that ends moves its time to its parent, so that nothing is counted twice or lost.
 */
export function cpuOfTree(excluded: readonly number[]): number {
  const processes = new Map<number, ProcessTimes>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const times = Number.isInteger(pid) ? readTimes(pid) : undefined;
    if (times !== undefined) processes.set(pid, times);
  }
  let sum = 0;
  for (const [pid, times] of processes) {
    if (belongs(pid, processes, excluded)) sum += times.own + times.reaped;
  }
  return sum;
}

function belongs(pid: number, processes: ReadonlyMap<number, ProcessTimes>, excluded: readonly number[]): boolean {
  if (excluded.includes(pid)) return false;
  if (pid === process.pid) return true;
  const parent = processes.get(pid)?.parent;
  return parent !== undefined && parent > 1 && belongs(parent, processes, excluded);
}

function readTimes(pid: number): ProcessTimes | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // Counted from the end of the second field, which may hold spaces: [0] is field 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  const milliseconds = (first: number, second: number): number => (((fields[first] ?? 0) + (fields[second] ?? 0)) * 1000) / ticksPerSecond;
  return { parent: fields[1] ?? 0, own: milliseconds(11, 12), reaped: milliseconds(13, 14) };
}
