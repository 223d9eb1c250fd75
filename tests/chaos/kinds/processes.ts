/** Faults of processes: the runtime, the hosts of its tasks, what these have started, and `ferry` itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../local/fleet/random.ts';
import type { Trial } from '../trial/trial.ts';
import { isClient, isTaskHost, processesIn, signalProcess, type ProcessInfo } from '../world/processes.ts';
import { kind, lasting, type Injection, type Kind } from './kind.ts';

type Which = (process: ProcessInfo, all: readonly ProcessInfo[]) => boolean;

const lookMilliseconds = 5;
/** For a client of MySQL to appear: each lives for a fraction of a second. */
const longestLookMilliseconds = 4_000;

export const processKinds: readonly Kind[] = [
  kind({
    name: 'runtime-killed',
    about: 'SIGKILL of the runtime, which is started again',
    allowed: ['BranchAborted'],
    draw: (random) => {
      const milliseconds = random.int(0, 2_000);
      return {
        description: `started again after ${milliseconds} ms`,
        run: async ({ operation }) => {
          await operation.killRuntime();
          await sleep(milliseconds);
          await operation.restartRuntime();
        },
      };
    },
  }),
  kind({
    name: 'runtime-stopped',
    about: 'SIGTERM of the runtime, which is started again',
    allowed: ['BranchAborted', 'TaskInterrupted'],
    draw: () => async ({ operation }) => {
      await operation.stopRuntime();
      await operation.restartRuntime();
    },
  }),
  kind({
    name: 'runtime-paused',
    about: 'SIGSTOP of the runtime, then SIGCONT',
    draw: (random) => lasting(random, [1_000, 8_000], ({ operation }) => operation.signalRuntime('SIGSTOP'), ({ operation }) => operation.signalRuntime('SIGCONT')),
  }),
  kind({ name: 'hosts-killed', about: 'SIGKILL of hosts of tasks', allowed: ['TaskCrashed'], draw: (random) => killing(random, isTaskHost) }),
  kind({ name: 'hosts-paused', about: 'SIGSTOP of hosts of tasks, then SIGCONT', draw: (random) => pausing(random, isTaskHost) }),
  kind({ name: 'clients-killed', about: "SIGKILL of the hosts' children (mysqldump)", allowed: ['DumpFailed', 'DumpIncomplete'], draw: (random) => killing(random, isClient) }),
  kind({ name: 'clients-paused', about: "SIGSTOP of the hosts' children (mysqldump), then SIGCONT", draw: (random) => pausing(random, isClient) }),
  kind({
    name: 'ferry-killed',
    about: 'SIGKILL of the `ferry` that the operator watches',
    allowed: ['BranchAborted'],
    draw: () => ({ operation }) => {
      operation.watching?.signal('SIGKILL');
      return Promise.resolve();
    },
  }),
  kind({
    name: 'ferry-interrupted',
    about: 'Ctrl-C (SIGINT) to the `ferry` that the operator watches',
    allowed: ['BranchAborted', 'TaskInterrupted'],
    draw: () => ({ operation }) => {
      operation.watching?.signal('SIGINT');
      return Promise.resolve();
    },
  }),
  kind({
    name: 'ferry-paused',
    about: 'SIGSTOP of the `ferry` that the operator watches, then SIGCONT',
    draw: (random) => lasting(random, [1_000, 6_000], ({ operation }) => operation.watching?.signal('SIGSTOP'), ({ operation }) => operation.watching?.signal('SIGCONT')),
  }),
];

/** Some of those that are there: of one kill in three all, else one. Once or twice. */
function killing(random: Random, which: Which): Injection {
  const all = random.chance(33);
  const times = random.int(1, 2);
  const pick = random.int(0, 1_000);
  return {
    description: `${all ? 'all' : 'one'}, ${times} times`,
    run: async (trial) => {
      for (let time = 0; time < times; time += 1) {
        const found = await untilSome(trial, which);
        for (const { pid } of all ? found : found.slice(pick % Math.max(1, found.length)).slice(0, 1)) signalProcess(pid, 'SIGKILL');
        await sleep(200);
      }
    },
  };
}

function pausing(random: Random, which: Which): Injection {
  const pick = random.int(0, 1_000);
  let paused: ProcessInfo[] = [];
  return lasting(
    random,
    [1_000, 6_000],
    async (trial) => {
      const found = await untilSome(trial, which);
      paused = found.filter((_, index) => index === pick % found.length || pick % 3 === 0);
      for (const { pid } of paused) signalProcess(pid, 'SIGSTOP');
    },
    () => {
      for (const { pid } of paused) signalProcess(pid, 'SIGCONT');
    },
  );
}

async function untilSome({ directory, over }: Trial, which: Which): Promise<ProcessInfo[]> {
  const deadline = Date.now() + longestLookMilliseconds;
  for (;;) {
    const all = processesIn(directory);
    const found = all.filter((process) => which(process, all));
    if (found.length > 0 || over.aborted || Date.now() > deadline) return found;
    await sleep(lookMilliseconds);
  }
}
