/** Failures of files by name, whoever threw them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { describe, it } from 'node:test';
import { asFerryError } from '../../../cli/aws-errors.ts';
import { FerryError } from '../../../core/errors.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a failure of a file', () => {
  it('names the file, what is wrong with it, and the code that a search engine knows', () => {
    const failures: readonly [() => unknown, string, string][] = [
      [() => readFileSync('/nowhere/at/all'), 'FileUnusable', '/nowhere/at/all cannot be used: it does not exist, or its symbolic link leads nowhere (ENOENT).'],
      [() => readFileSync('/tmp'), 'FileUnusable', 'A file cannot be used: it is a folder, and a file is needed (EISDIR: illegal operation on a directory, read).'],
      [() => readFileSync('/dev/null/x'), 'FileUnusable', '/dev/null/x cannot be used: it, or what stands above it in its path, is no folder (ENOTDIR).'],
      [() => mkdirSync('/dev/null', { recursive: true }), 'FileUnusable', '/dev/null cannot be used: a folder is needed, and something else stands in its place (EEXIST).'],
      [() => { renameSync('/nowhere', '/tmp/x'); }, 'FileUnusable', '/nowhere cannot be used in the place of /tmp/x: it does not exist, or its symbolic link leads nowhere (ENOENT).'],
      [() => { writeFileSync('/dev/full', 'x'); }, 'StorageFailed', 'A file cannot be used: there is no space left on the disk (ENOSPC: no space left on device, write).'],
    ];
    for (const [work, name, message] of failures) {
      const thrown = thrownBy(work);
      for (const failure of [FerryError.from(thrown), asFerryError(thrown)]) assert.deepEqual([failure.name, failure.message], [name, message]);
    }
  });

  it('may be that of a program', async () => {
    const [error] = (await once(spawn('no-such-program-of-ferry'), 'error')) as [Error];
    assert.equal(FerryError.from(error).message, 'The program no-such-program-of-ferry cannot be started: it does not exist, or its symbolic link leads nowhere (ENOENT).');
  });

  it('is none of a connection, and no defect', async () => {
    const [refused] = (await once(createConnection(1, '127.0.0.1'), 'error')) as [Error];
    assert.deepEqual([asFerryError(refused).name, FerryError.from(refused).name], ['AwsUnavailable', 'InternalError']);
    assert.equal(FerryError.from(new TypeError('x is not a function')).name, 'InternalError');
  });
});
