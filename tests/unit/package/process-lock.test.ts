import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { takeLock, tryLock } from '../../../local/package/process-lock.ts';

const moduleUrl = pathToFileURL(join(import.meta.dirname, '../../../local/package/process-lock.ts')).href;

describe('a process lock', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-lock-'));
  });
  after(() => rm(directory, { recursive: true }));

  it('is held once, and free again after its release', () => {
    const file = join(directory, 'once');
    const lock = tryLock(file);
    assert.ok(lock);
    assert.equal(tryLock(file), undefined);
    lock.release();
    const again = tryLock(file);
    assert.ok(again);
    again.release();
  });

  it('is free at once when its holder is killed', async () => {
    const file = join(directory, 'killed');
    const program = `import { tryLock } from '${moduleUrl}'; const lock = tryLock(${JSON.stringify(file)}); console.log('held'); setInterval(() => lock, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    assert.equal(tryLock(file), undefined);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = tryLock(file);
    assert.ok(lock);
    lock.release();
  });

  it('can be waited for', async () => {
    const file = join(directory, 'waited');
    const first = tryLock(file);
    let waits = 0;
    const second = takeLock(file, () => {
      waits += 1;
      setTimeout(() => first?.release(), 250);
    });
    (await second).release();
    assert.equal(waits, 1);
  });
});
