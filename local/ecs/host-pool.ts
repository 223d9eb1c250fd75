/**
 * Where tasks run: at most `maxHosts` processes; beyond `eagerHosts`, one more each half second while the processors have
 * time left (tasks that wait for a server far away want many hosts, tasks that compete for this machine's cores are not
 * sped up by more of them). A task for which there is no host waits; among those that wait, the family with the
 * fewest running tasks goes first (so that a fleet of dumps does not keep the first import waiting), and within a family
 * the one of lowest seniority number. Tasks that live on, waiting for others, get at most half of the hosts, and are not counted
 * where hosts are held back for the processors' sake: those others must never wait for them.
 */
import { HostProcess, type HostOptions } from './host-process.ts';

export interface HostPoolOptions extends HostOptions {
  readonly maxHosts: number;
  /** Hosts that are started as soon as a task waits. */
  readonly eagerHosts: number;
  /** The share of processor time that was idle since it was last asked, 0 to 1. */
  readonly idleShare: () => number;
  /** Hosts that are kept ready although no task needs them. */
  readonly warmHosts: number;
  readonly maxTasksPerHost: number;
  readonly maxRssBytes: number;
}

export interface HostRequest {
  readonly family: string;
  readonly modulePath: string;
  /** Lower goes first. */
  readonly seniority: number;
  /** The task may wait for other tasks. */
  readonly livesOn?: boolean;
}

const growthMilliseconds = 500;
/** Of all cores. Below this, another host would only take time from the others. */
const wantedIdleShare = 0.2;

interface Waiting extends HostRequest {
  readonly grant: (host: HostProcess) => void;
  readonly refuse: (reason: Error) => void;
}

export class HostPool {
  readonly #options: HostPoolOptions;
  readonly #idle: HostProcess[] = [];
  readonly #all = new Set<HostProcess>();
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<string, number>();
  /** Those lent to tasks that live on. */
  readonly #livingOn = new Set<HostProcess>();
  #starting = 0;
  #growth: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: HostPoolOptions) {
    this.#options = options;
  }

  /** Starts the warm hosts, so that the first tasks find them ready. */
  warmUp(): void {
    while (this.#all.size < Math.min(this.#options.warmHosts, this.#options.maxHosts)) this.#start();
  }

  /** A host for one task; give it back with `release`. @throws the signal's reason; Error when hosts do not start */
  acquire(request: HostRequest, signal: AbortSignal): Promise<HostProcess> {
    return new Promise((resolve, reject) => {
      if (signal.aborted || this.#closed) {
        reject((signal.reason as Error | undefined) ?? new Error('The runtime is stopping.'));
        return;
      }
      const aborted = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        ...request,
        grant: (host) => {
          signal.removeEventListener('abort', aborted);
          resolve(host);
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', aborted);
          reject(reason);
        },
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#waiting.push(waiting);
      this.#assign();
    });
  }

  release(family: string, host: HostProcess): void {
    this.#running.set(family, (this.#running.get(family) ?? 1) - 1);
    this.#livingOn.delete(host);
    const { maxTasksPerHost, maxRssBytes } = this.#options;
    const worn = host.signalled || host.tasks >= maxTasksPerHost || host.rssBytes > maxRssBytes;
    if (worn || this.#closed) host.kill();
    else if (host.alive) this.#idle.push(host);
    this.#assign();
  }

  /** @param graceSeconds for tasks that still run */
  async close(graceSeconds: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#growth);
    for (const { refuse } of this.#waiting.splice(0)) refuse(new Error('The runtime is stopping.'));
    const hosts = [...this.#all];
    for (const host of hosts) {
      if (this.#idle.includes(host)) host.kill();
      else host.stop(graceSeconds);
    }
    await Promise.all(hosts.map((host) => host.exited));
  }

  #assign(): void {
    while (this.#eligible().length > 0 && this.#idle.length > 0) {
      const next = this.#takeNext();
      const host = this.#takeIdle(next.modulePath);
      if (next.livesOn === true) this.#livingOn.add(host);
      this.#running.set(next.family, (this.#running.get(next.family) ?? 0) + 1);
      next.grant(host);
    }
    // No more than there are waiting tasks, counting hosts that will be ready in a moment.
    while (this.#isWanted() && this.#all.size - this.#livingOn.size < this.#options.eagerHosts) this.#start();
    if (this.#isWanted()) this.#growLater();
  }

  #isWanted(): boolean {
    return !this.#closed && this.#starting < this.#wanted() && this.#all.size < Math.max(this.#options.maxHosts, this.#livingOn.size + 1);
  }

  #growLater(): void {
    if (this.#growth !== undefined) return;
    this.#options.idleShare();
    this.#growth = setTimeout(() => {
      this.#growth = undefined;
      if (this.#isWanted() && this.#options.idleShare() >= wantedIdleShare) this.#start();
      this.#assign();
    }, growthMilliseconds);
  }

  #wanted(): number {
    const spare = this.#options.warmHosts - this.#all.size + this.#starting;
    return Math.max(this.#eligible().length, spare);
  }

  #eligible(): readonly Waiting[] {
    const room = Math.max(1, Math.floor(this.#options.maxHosts / 2)) - this.#livingOn.size;
    return room > 0 ? this.#waiting : this.#waiting.filter(({ livesOn }) => livesOn !== true);
  }

  #takeNext(): Waiting {
    const next = this.#eligible().reduce((best, each) => {
      const difference = this.#runningOf(each.family) - this.#runningOf(best.family);
      return difference < 0 || (difference === 0 && each.seniority < best.seniority) ? each : best;
    });
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    return next;
  }

  #runningOf(family: string): number {
    return this.#running.get(family) ?? 0;
  }

  /** A host that has imported the bundle before, where there is one. */
  #takeIdle(modulePath: string): HostProcess {
    const known = this.#idle.findLastIndex((host) => host.modules.has(modulePath));
    const [host] = this.#idle.splice(known >= 0 ? known : this.#idle.length - 1, 1);
    if (host === undefined) throw new Error('No host is idle.');
    return host;
  }

  #start(): void {
    const host = new HostProcess(this.#options);
    this.#all.add(host);
    this.#starting += 1;
    host.ready.then(
      () => {
        this.#starting -= 1;
        if (this.#closed) host.kill();
        else this.#idle.push(host);
        this.#assign();
      },
      (error: unknown) => {
        this.#starting -= 1;
        const reason = new Error(`A task host did not start: ${error instanceof Error ? error.message : String(error)}`);
        // Nothing is gained by waiting: the next start would end in the same way.
        if (this.#all.size === 0) for (const { refuse } of this.#waiting.splice(0)) refuse(reason);
      },
    );
    void host.exited.then(() => {
      this.#all.delete(host);
      const index = this.#idle.indexOf(host);
      if (index >= 0) this.#idle.splice(index, 1);
      if (host.tasks > 0 && !this.#closed) this.#assign();
    });
  }
}
