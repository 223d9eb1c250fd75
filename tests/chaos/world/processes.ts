/** The processes of a trial, found in /proc: all of them, and what they start, have a folder of the trial as their working directory. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly commandLine: string;
}

/** A process that is gone, or a zombie, is none. */
export function processesIn(directory: string): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processIn(directory, Number(name)) ?? []);
}

export function isTaskHost({ commandLine }: ProcessInfo): boolean {
  return commandLine.includes('task-host');
}

/** mysqldump, and whatever else a task has started. */
export function isClient(process: ProcessInfo, all: readonly ProcessInfo[]): boolean {
  return all.some((other) => isTaskHost(other) && other.pid === process.parent);
}

/** @returns whether it was there to be signalled */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function processIn(directory: string, pid: number): ProcessInfo | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/cwd`);
    if (path !== directory && !path.startsWith(`${directory}/`)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    return { pid, parent: Number(parent), commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() };
  } catch {
    return undefined;
  }
}
