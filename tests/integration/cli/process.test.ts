/** Signals, and the death of processes: what was started ends with whoever started it, whatever ended that one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { makeTemporaryFolder } from '../../../local/storage/temporary-folder.ts';

const cli = join(import.meta.dirname, '../../../cli');
const servers = ['--source', 'mysql://ferry@127.0.0.1:1', '--source-tls', 'disabled', '--target', 'mysql://ferry@127.0.0.1:1', '--target-tls', 'disabled'];
/** Of an older Node.js, so that `ferry.js` hands over to the one that the project installs. */
const asOlderNode = ['--import', 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.0.0"})'];

type Child = ChildProcessByStdio<null, Readable, Readable>;

describe('a process that asks to end, or has ended', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-process-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  function start(words: readonly string[]): Child {
    return spawn(process.execPath, words, {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], FERRY_SOURCE_PASSWORD: '', FERRY_TARGET_PASSWORD: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** `ferry local` behind its launcher. */
  async function startRuntime(name: string): Promise<{ readonly launcher: Child; readonly state: string; readonly pid: number; readonly said: Promise<string> }> {
    const state = join(directory, name);
    const launcher = start([...asOlderNode, join(cli, 'ferry.js'), 'local', '--state', state, ...servers]);
    const said = text(launcher.stderr);
    const pid = await pidIn(state, launcher);
    assert.notEqual(pid, launcher.pid, 'the launcher hands over');
    return { launcher, state, pid, said };
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} to the launcher alone ends the runtime in order, and the launcher with its exit code`, async () => {
      const { launcher, state, pid, said } = await startRuntime(signal);
      launcher.kill(signal);
      await once(launcher, 'close');
      assert.deepEqual([launcher.exitCode, isAlive(pid), existsSync(join(state, 'runtime.json'))], [0, false, false]);
      assert.match(await said, /^Stopping the local runtime \.\.\.$/m);
    });
  }

  it('one Ctrl-C that arrives twice, of the terminal and of the launcher, is one', async () => {
    const { launcher, pid, said } = await startRuntime('twice');
    process.kill(pid, 'SIGINT');
    launcher.kill('SIGINT');
    await once(launcher, 'close');
    assert.equal(launcher.exitCode, 0, await said);
  });

  it('SIGKILL of the launcher ends the runtime, in order', async () => {
    const { launcher, state, pid, said } = await startRuntime('killed');
    launcher.kill('SIGKILL');
    await ended(pid);
    assert.equal(existsSync(join(state, 'runtime.json')), false);
    assert.match(await said, /^Stopping the local runtime \.\.\.$/m);
  });

  it('SIGKILL of the launcher ends a command that does not wait for signals', async () => {
    // The password is asked for in vain where standard input is no terminal: a list that never ends is waited for.
    const launcher = spawn(process.execPath, [...asOlderNode, join(cli, 'ferry.js'), 'start', '--migration', 'm'], { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] });
    const pid = await childOf(launcher.pid ?? 0);
    launcher.kill('SIGKILL');
    await ended(pid);
    launcher.stdin.destroy();
  });

  it('SIGKILL of a command that has a runtime for as long as it lasts ends the runtime', async () => {
    const state = join(directory, 'child');
    const module = new URL('../../../cli/local-process.ts', import.meta.url).href;
    const access = { host: '127.0.0.1', port: 1, username: 'ferry', password: '', tls: 'disabled' };
    const program = `import { startLocalProcess } from ${JSON.stringify(module)};
      await startLocalProcess({ environment: process.env }, { stateFolder: ${JSON.stringify(state)}, servers: { source: ${JSON.stringify(access)}, target: ${JSON.stringify(access)} }, selection: '' });`;
    const command = start(['--input-type=module', '-e', program]);
    const pid = await pidIn(state, command);
    command.kill('SIGKILL');
    await ended(pid);
    assert.equal(existsSync(join(state, 'runtime.json')), false);
  });

  it('leaves a temporary folder that the next one removes, and no living one', async () => {
    const prefix = `ferry-process-folder-${process.pid}-`;
    const module = new URL('../../../local/storage/temporary-folder.ts', import.meta.url).href;
    const program = `import { makeTemporaryFolder } from ${JSON.stringify(module)};
      console.log((await makeTemporaryFolder(${JSON.stringify(prefix)})).path); setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const path = String(line).trim();
    const second = await makeTemporaryFolder(prefix);
    assert.ok(existsSync(path), 'its owner lives');
    child.kill('SIGKILL');
    await once(child, 'close');
    const third = await makeTemporaryFolder(prefix);
    assert.deepEqual([existsSync(path), existsSync(second.path)], [false, true]);
    await second.remove();
    await third.remove();
    assert.deepEqual((await readdir(tmpdir())).filter((name) => name.startsWith(prefix)), []);
  });

  /** Once the runtime of a state folder has said that it runs. */
  async function pidIn(state: string, starter: Child): Promise<number> {
    await mkdir(state, { recursive: true });
    for (;;) {
      const content = await readFile(join(state, 'runtime.json'), 'utf8').catch(() => undefined);
      if (content !== undefined) return (JSON.parse(content) as { pid: number }).pid;
      assert.equal(starter.exitCode, null, 'it ended before it ran');
      await shortly();
    }
  }
});

async function childOf(parent: number): Promise<number> {
  for (;;) {
    const [first] = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ');
    if (first !== undefined && first !== '') return Number(first);
    await shortly();
  }
}

/** Nothing tells of the end of a process that is nobody's child; the test runner ends a test that waits too long. */
async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await shortly();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function shortly(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
}
