/** A stand-in for the runtime that runs one task and is then killed by the test: `node runtime-to-kill.ts <program> <file>`. */
import { openSync } from 'node:fs';
import { HostPool } from '../../../local/ecs/host-pool.ts';

const [, , modulePath = '', file = ''] = process.argv;
const hosts = new HostPool({
  environment: { PATH: process.env['PATH'] ?? '' },
  logDescriptor: openSync('/dev/null', 'a'),
  heapMegabytes: 256,
  maxHosts: 1,
  eagerHosts: 1,
  idleShare: () => 0,
  warmHosts: 1,
  maxTasksPerHost: 1,
  maxRssBytes: 1024 ** 3,
});
const host = await hosts.acquire({ family: 'work', modulePath, seniority: 1 }, new AbortController().signal);
await host.run({ kind: 'run', modulePath, environment: { DO: 'deaf', FILE: file }, logFile: '/dev/null' });
