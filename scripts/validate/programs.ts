/**
 * Installs the validators into the cache folder, apart from the project's own packages: nobody needs them to run Ferry.
 * Versions and hashes of all that is installed are in the folder `programs`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sources = join(import.meta.dirname, 'programs');

/** Why a validator cannot run on this machine: no Python, or no way to a registry. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** @returns the folder for PYTHONPATH @throws Unavailable */
export async function installCfnLint(cacheDirectory: string): Promise<string> {
  const { stdout: python } = await run('python3', ['--version']).catch((error: unknown) => {
    throw new Unavailable('there is no python3 on PATH', { cause: error });
  });
  return installed(cacheDirectory, 'cfn-lint', ['cfn-lint.txt'], python, async (target) => {
    // The environment is for its pip alone, which a system's Python may lack, and cannot be moved as the packages can.
    const environment = `${target}-pip`;
    try {
      await run('python3', ['-m', 'venv', environment]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '--target', target];
      await run(join(environment, 'bin', 'python'), [...pip, '--requirement', join(sources, 'cfn-lint.txt')], { timeout: installMilliseconds });
    } finally {
      await rm(environment, { recursive: true, force: true });
    }
  });
}

/** @returns the `node_modules` with cfn-guard and asl-validator @throws Unavailable */
export async function installNpmPrograms(cacheDirectory: string): Promise<string> {
  const files = ['package.json', 'package-lock.json'];
  const folder = await installed(cacheDirectory, 'validators', files, process.version, async (target) => {
    for (const file of files) await copyFile(join(sources, file), join(target, file));
    // Without the peer of cfn-guard's package, the AWS CDK: it is for using the package from a CDK application.
    await run('npm', ['ci', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: target, timeout: installMilliseconds });
  });
  return join(folder, 'node_modules');
}

const installMilliseconds = 180_000;

/** The folder of an installation, named after what is in it, so that a new version makes a new one. */
async function installed(
  cacheDirectory: string,
  name: string,
  files: readonly string[],
  runtime: string,
  install: (target: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(runtime);
  for (const file of files) hash.update(await readFile(join(sources, file)));
  const folder = join(cacheDirectory, `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheDirectory, { recursive: true });
  const temporary = await mkdtemp(join(cacheDirectory, `${name}-new-`));
  try {
    await install(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process may have been faster.
    if (await exists(folder)) return folder;
    const { stderr = '', message } = error as { stderr?: string; message: string };
    // A registry that answers with something else than what was pinned is no reason to go on without.
    if (/DO NOT MATCH THE HASHES|EINTEGRITY/.test(stderr)) throw error;
    throw new Unavailable(lastLine(stderr) ?? lastLine(message) ?? 'it could not be installed', { cause: error });
  }
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').findLast((line) => line.trim() !== '');
}
