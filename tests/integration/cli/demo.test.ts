/** The demo on a small fleet: it ends well, and leaves nothing behind, also when it is interrupted. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ferry, spawnFerry, untilStderr } from './ferry.ts';

describe('ferry demo', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-demo-test-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** Its temporary folder is in `directory`, so that what it leaves can be seen there and on command lines. */
  const options = () => ({ environment: { TMPDIR: directory } });

  it('dead-letters what is in the way, redrives it, and proves that nothing differs', async () => {
    const { code, stdout, stderr } = await ferry(['demo', '--databases', '8', '--large-megabytes', '2'], options());
    assert.equal(code, 0, stderr);
    for (const error of ['TargetDatabaseExists', 'AssessmentBlocked', 'TargetPrivilegeMissing']) assert.match(stderr, new RegExp(`^ {2}${error} {2}1 database$`, 'm'));
    assert.match(stderr, /^Bystander +The invoices in `shop_leeds` on the target are as they were/m);
    assert.match(stderr, /3 databases will continue/);
    assert.match(stdout, /databases +8 verified/);
    assert.match(stdout, /dead letters +3, cured in 1 redrive/);
    assert.match(stdout, /comparison +source and target are the same in every row and object/);
    await assertNothingLeft();
  });

  it('leaves nothing running and no file behind when it is interrupted', async () => {
    const demo = spawnFerry(['demo', '--databases', '30', '--large-megabytes', '20'], options());
    demo.stdin.end();
    demo.stdout.resume();
    await untilStderr(demo, /RUNNING/);
    demo.stderr.resume();
    demo.kill('SIGINT');
    await once(demo, 'close');
    assert.equal(demo.exitCode, 130);
    await assertNothingLeft();
  });

  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual((await readdir(directory)).filter((name) => name.startsWith('aurora-ferry-demo-')), []);
    assert.deepEqual(await processesWith(directory), []);
  }
});

/** Command lines of this machine's processes that contain `text`. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(text)).map((line) => line.replaceAll('\0', ' '));
}
