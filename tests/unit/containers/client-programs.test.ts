/** What is said of a mysqldump that does not answer: one that cannot be used, or one that was kept from answering. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, it } from 'node:test';
import { supportedMysqldump } from '../../../containers/dump/client-programs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferry-client-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function mysqldump(script: string, mode = 0o755): Promise<void> {
  await writeFile(join(folder, 'mysqldump'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'mysqldump'), mode);
}

it('is tried again after it was killed, and then found', async () => {
  await mysqldump('kill -9 $$');
  await assert.rejects(supportedMysqldump(folder), { name: 'DumpFailed', retryable: true, message: /mysqldump --version/ });
  await mysqldump('echo "mysqldump  Ver 9.7.4 for Linux on x86_64"');
  assert.match(await supportedMysqldump(folder), /9\.7\.4/);
});

for (const [what, make] of [
  ['is not there', () => Promise.resolve()],
  ['may not be run', () => mysqldump('exit 0', 0o644)],
  ['lacks a library', () => mysqldump('exit 127')],
  ['is of another make', () => mysqldump('echo "mysqldump  Ver 10.19 Distrib 10.11.6-MariaDB, for debian-linux-gnu"')],
] as const) {
  it(`is not tried again when it ${what}`, async () => {
    await make();
    await assert.rejects(supportedMysqldump(folder), { name: 'DumpClientUnsupported', retryable: false });
  });
}
