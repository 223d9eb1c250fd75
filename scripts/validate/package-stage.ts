/** `serverless package` (or `deploy`) for any stage, in a copy of the project: another process may be using the project's own package. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageInputs } from '../../local/package/fingerprint.ts';

export interface StageOptions {
  readonly stage: string;
  /** `deploy` is for a test that answers in AWS's place. */
  readonly command?: 'package' | 'deploy';
  /** By the name of `--param`. */
  readonly params?: Readonly<Record<string, string>>;
  /** Beside PATH and HOME; no credentials, no configuration. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface StagePackage {
  /** What was printed. */
  readonly output: string;
  /** Texts of the package's JSON files; absent when packaging failed. */
  readonly template?: string;
  readonly state?: string;
}

const projectDirectory = join(import.meta.dirname, '../..');
const milliseconds = 120_000;

export async function packageStage({ stage, command = 'package', params = {}, environment = {} }: StageOptions): Promise<StagePackage> {
  const directory = await mkdtemp(join(tmpdir(), 'ferry-stage-'));
  try {
    for (const input of packageInputs) await cp(join(projectDirectory, input), join(directory, input), { recursive: true });
    await symlink(join(projectDirectory, 'node_modules'), join(directory, 'node_modules'));
    const words = [command, '--stage', stage, ...Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`])];
    const output = await serverless(words, directory, environment);
    const file = (name: string): Promise<string | undefined> => readFile(join(directory, '.serverless', name), 'utf8').catch(() => undefined);
    const [template, state] = await Promise.all([file('cloudformation-template-update-stack.json'), file('serverless-state.json')]);
    return { output, ...(template === undefined || state === undefined ? {} : { template, state }) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function serverless(words: readonly string[], directory: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const program = join(projectDirectory, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const { PATH, HOME } = process.env;
  const options = {
    cwd: directory,
    // serverless-esbuild leaves its copies of the zips in the temporary folder.
    env: { PATH, HOME, TMPDIR: directory, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off', ...environment },
    timeout: milliseconds,
    maxBuffer: 16 * 1024 ** 2,
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...words], options);
    return `${stdout}${stderr}`;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    if (stdout === '' && stderr === '') throw error;
    return `${stdout}${stderr}`;
  }
}
