import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { fingerprintInputs } from '../../../local/package/fingerprint.ts';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ferry-fingerprint-'));
  await mkdir(join(directory, 'functions/work'), { recursive: true });
  await writeFile(join(directory, 'functions/work/handler.ts'), 'one');
  await writeFile(join(directory, 'serverless.yml'), 'service: x');
});
after(() => rm(directory, { recursive: true }));

it('changes with the contents and names of inputs, and with nothing else', async () => {
  const first = await fingerprintInputs(directory);
  await utimes(join(directory, 'serverless.yml'), 1, 1);
  await writeFile(join(directory, 'notes.txt'), 'not an input');
  assert.equal(await fingerprintInputs(directory), first);
  await writeFile(join(directory, 'functions/work/handler.ts'), 'two');
  const changed = await fingerprintInputs(directory);
  assert.notEqual(changed, first);
  await rename(join(directory, 'functions/work/handler.ts'), join(directory, 'functions/work/other.ts'));
  assert.notEqual(await fingerprintInputs(directory), changed);
});
