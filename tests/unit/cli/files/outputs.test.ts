/** What commands write: whole or not at all, on real file systems, by real processes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { findOutputPlace, writeOutput } from '../../../../cli/files/outputs.ts';
import { Spool } from '../../../../cli/files/spool.ts';

const outputsModule = new URL('../../../../cli/files/outputs.ts', import.meta.url).href;
const main = join(import.meta.dirname, '../../../../cli/main.ts');

describe('a file that a command writes', () => {
  let directory: string;
  let count = 0;
  const root = mkdtemp(join(tmpdir(), 'ferry-outputs-'));
  beforeEach(async () => {
    count += 1;
    directory = join(await root, String(count));
    await mkdir(directory);
  });
  after(async () => rm(await root, { recursive: true }));

  const at = (name: string): string => join(directory, name);
  const write = async (name: string, pieces: Iterable<string> = ['new']): Promise<void> => writeOutput(await findOutputPlace('--html', at(name)), pieces);

  it('replaces what stood there, with its mode, also through a link, which stays', async () => {
    await writeFile(at('old'), 'old');
    await chmod(at('old'), 0o640);
    await symlink('old', at('link'));
    await write('link', ['n', 'ew']);
    assert.deepEqual([await readFile(at('old'), 'utf8'), (await stat(at('old'))).mode & 0o777, await readlink(at('link'))], ['new', 0o640, 'old']);
    await write('fresh');
    assert.deepEqual((await readdir(directory)).sort(), ['fresh', 'link', 'old']);
  });

  it('is as it was when the document is not finished', async () => {
    await writeFile(at('old'), 'old');
    const unfinished = function* (): Generator<string> {
      yield 'half';
      throw new Error('the rest cannot be read');
    };
    await assert.rejects(write('old', unfinished()), /the rest cannot be read/);
    assert.deepEqual([await readFile(at('old'), 'utf8'), await readdir(directory)], ['old', ['old']]);
  });

  it('leaves a device what it is', async () => {
    await writeOutput(await findOutputPlace('--html', '/dev/null'), ['new']);
    assert.ok((await lstat('/dev/null')).isCharacterDevice());
    await assert.rejects(writeOutput(await findOutputPlace('--html', '/dev/full'), ['new']), { name: 'OutputFailed', message: '--html /dev/full cannot be written: ENOSPC, there is no space left on the disk.' });
  });

  it('is refused by name where it cannot be, before anything is done', async () => {
    await writeFile(at('file'), '');
    await symlink('nowhere', at('dangling'));
    await symlink('loop', at('loop'));
    const places: readonly [string, RegExp][] = [
      ['', /EISDIR, it is a folder/],
      ['no/such/file', /ENOENT/],
      ['file/below', /ENOTDIR/],
      ['dangling', /ENOENT, it does not exist, or its symbolic link leads nowhere/],
      ['loop', /ELOOP/],
      ['x'.repeat(300), /ENAMETOOLONG/],
    ];
    for (const [name, reason] of places) {
      await assert.rejects(findOutputPlace('--html', at(name)), (error: Error) => {
        assert.equal(error.name, 'InvalidInput', name);
        assert.ok(error.message.startsWith(`--html ${at(name)} cannot be written: `));
        assert.match(error.message, reason);
        return true;
      });
    }
  });

  it('is named when the disk takes only a part of it', () => {
    const program = `import { findOutputPlace, writeOutput } from ${JSON.stringify(outputsModule)};
      await writeOutput(await findOutputPlace('--html', ${JSON.stringify(at('large'))}), ['x'.repeat(100_000)]).catch((error) => { console.log(error.name, error.message); });`;
    const limited = spawnSync('sh', ['-c', `trap '' XFSZ; ulimit -f 8; exec "$0" --input-type=module -e "$1"`, process.execPath, program], { encoding: 'utf8' });
    assert.match(limited.stdout, /^OutputFailed --html .*large cannot be written: EFBIG, /);
  });

  it('is not there by half when the process is killed, and what is left is removed by the next', async () => {
    const program = `import { findOutputPlace, writeOutput } from ${JSON.stringify(outputsModule)};
      const pieces = async function* () { yield 'half'; console.log('writing'); await new Promise(() => setInterval(() => {}, 1000)); };
      await writeOutput(await findOutputPlace('--html', ${JSON.stringify(at('report'))}), pieces());`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const living = await readdir(directory);
    assert.deepEqual([living.length, living[0]?.endsWith('.partial')], [1, true]);
    await write('other');
    assert.deepEqual((await readdir(directory)).length, 2, 'what a living process writes stays');
    child.kill('SIGKILL');
    await once(child, 'close');
    await write('report');
    assert.deepEqual((await readdir(directory)).sort(), ['other', 'report']);
  });
});

describe('a document that is not whole yet', () => {
  it('has no name in the folder of temporary files, and comes back as it was written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ferry-spool-'));
    try {
      await using spool = await Spool.open(folder);
      const text = 'Žluťoučký kůň 数据库\n'.repeat(40_000);
      for (let start = 0; start < text.length; start += 100_001) await spool.write(text.slice(start, start + 100_001));
      assert.deepEqual(await readdir(folder), []);
      const chunks: Uint8Array[] = [];
      for await (const chunk of spool.read()) chunks.push(chunk);
      assert.equal(Buffer.concat(chunks).toString('utf8'), text);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('standard output', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-stdout-'));
  });
  after(() => rm(directory, { recursive: true }));

  function help(redirection: string): { readonly status: number | null; readonly stderr: string } {
    const command = `trap '' XFSZ PIPE; ${redirection}`;
    return spawnSync('sh', ['-c', command, process.execPath, main, join(directory, 'out')], { encoding: 'utf8' });
  }

  it('on a disk that is full, or becomes full, ends the command with a name', () => {
    const full = help('"$0" "$1" help exit-codes > /dev/full');
    assert.deepEqual([full.status, full.stderr.split('\n')[0]], [116, 'ferry: OutputFailed: Standard output cannot be written: ENOSPC, there is no space left on the disk.']);
    const limited = help('ulimit -f 1; "$0" "$1" help exit-codes > "$2"');
    assert.equal(limited.status, 116, limited.stderr);
    assert.match(limited.stderr, /^ferry: OutputFailed: Standard output cannot be written: EFBIG, /);
  });

  it('whose reader has ended does so too', async () => {
    const child = spawn(process.execPath, [main, 'help', 'exit-codes'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await once(child, 'close');
    assert.deepEqual([child.exitCode, stderr.split('\n')[0]], [116, 'ferry: OutputFailed: Standard output cannot be written: EPIPE, its reader ended before everything was written.']);
  });

  it('is told apart from standard error, whose end ends nothing', async () => {
    const child = spawn(process.execPath, [main, 'statsu'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.destroy();
    await once(child, 'close');
    assert.equal(child.exitCode, 2);
  });
});
