import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostPool } from '../../../local/ecs/host-pool.ts';
import type { HostProcess } from '../../../local/ecs/host-process.ts';

describe('the pool of task hosts', () => {
  let directory: string;
  let logDescriptor: number;
  let modulePath: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-hosts-'));
    modulePath = join(directory, 'program.mjs');
    await writeFile(modulePath, 'export async function run() { return 0; }');
    logDescriptor = openSync(join(directory, 'hosts.log'), 'a');
  });
  after(async () => {
    closeSync(logDescriptor);
    await rm(directory, { recursive: true });
  });

  it('grows past its eager hosts while the processors have time left, and not while they are busy', async () => {
    let idle = 0;
    const hosts = pool({ eagerHosts: 1, maxHosts: 2, idleShare: () => idle });
    const first = await acquire(hosts);
    let granted = false;
    const second = acquire(hosts).then((host) => {
      granted = true;
      return host;
    });
    await sleep(700);
    assert.equal(granted, false);
    idle = 0.5;
    const other = await second;
    assert.notEqual(other, first);
    hosts.release('work', first);
    hosts.release('work', other);
    await hosts.close(1);
  });

  it('replaces a host that has run its number of tasks', async () => {
    const hosts = pool({ maxTasksPerHost: 2 });
    const used: HostProcess[] = [];
    for (let task = 0; task < 3; task += 1) {
      const host = await acquire(hosts);
      used.push(host);
      await host.run({ kind: 'run', modulePath, environment: {}, logFile: '/dev/null' });
      hosts.release('work', host);
    }
    assert.equal(used[0], used[1]);
    assert.notEqual(used[1], used[2]);
    await hosts.close(1);
  });

  it('replaces a host whose memory has grown past its budget', async () => {
    const hosts = pool({ maxRssBytes: 1 });
    const first = await acquire(hosts);
    await first.run({ kind: 'run', modulePath, environment: {}, logFile: '/dev/null' });
    hosts.release('work', first);
    const second = await acquire(hosts);
    assert.notEqual(first, second);
    hosts.release('work', second);
    await hosts.close(1);
  });

  it('refuses tasks when its hosts do not start, instead of keeping them waiting', async () => {
    const hosts = pool({ heapMegabytes: Number.NaN });
    await assert.rejects(acquire(hosts), /A task host did not start/);
    await hosts.close(1);
  });

  it('lends tasks that live on no more than half of its hosts, and with one host lets another task pass them', async () => {
    for (const [maxHosts, half] of [[4, 2], [1, 1]] as const) {
      const hosts = pool({ maxHosts, eagerHosts: maxHosts });
      const keepers = await Promise.all(Array.from({ length: half }, () => acquire(hosts, true)));
      let granted = false;
      const waiting = acquire(hosts, true).then((host) => {
        granted = true;
        return host;
      });
      const other = await acquire(hosts);
      assert.equal(granted, false);
      hosts.release('work', other);
      await sleep(50);
      assert.equal(granted, false);
      hosts.release('work', keepers[0]!);
      await waiting;
      await hosts.close(1);
    }
  });

  function acquire(hosts: HostPool, livesOn = false): Promise<HostProcess> {
    return hosts.acquire({ family: 'work', modulePath, seniority: 1, livesOn }, new AbortController().signal);
  }

  function pool(changes: Partial<ConstructorParameters<typeof HostPool>[0]>): HostPool {
    return new HostPool({
      environment: { PATH: process.env['PATH'] ?? '' },
      logDescriptor,
      heapMegabytes: 256,
      maxHosts: 1,
      eagerHosts: 1,
      warmHosts: 0,
      maxTasksPerHost: 100,
      maxRssBytes: 1024 ** 3,
      idleShare: () => 1,
      ...changes,
    });
  }
});
