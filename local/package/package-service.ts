/** `serverless package` and the task programs' bundles, made again only when something that goes into them has changed. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { buildContainers } from '../../containers/build.ts';
import { FerryError } from '../../core/errors.ts';
import { fingerprintInputs } from './fingerprint.ts';
import { takeLock } from './process-lock.ts';

export interface Packaged {
  /** As the deployed one: `<service>-<stage>`. */
  readonly stackName: string;
  /** The CloudFormation template, as `serverless package` wrote it. */
  readonly template: unknown;
  /** Values of the template's parameters, as a deployment would send them beside it. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The folder into which a function's zip (its file name) was unpacked. */
  functionDirectory(artifact: string): string;
  /** For V8's code of the bundles, so that each is compiled once and not by every worker and host; may be empty. */
  readonly compileCacheDirectory: string;
  /** The bundled program of a container; a path even where there is none. */
  containerProgram(name: string): string;
}

export interface PackageOptions {
  readonly projectDirectory: string;
  readonly log: (message: string) => void;
}

const serverlessStateSchema = z.object({
  service: z.object({
    service: z.string(),
    provider: z.object({
      stage: z.string(),
      stackParameters: z.array(z.object({ ParameterKey: z.string(), ParameterValue: z.string() })).default([]),
    }),
  }),
});
const packagingMilliseconds = 300_000;

/** @throws FerryError PackageFailed with what the tool printed */
export async function packageService(options: PackageOptions): Promise<Packaged> {
  const projectDirectory = resolve(options.projectDirectory);
  const build = join(projectDirectory, '.build');
  const stamp = join(build, 'packaged');
  if ((await stamped(stamp)) !== (await fingerprintInputs(projectDirectory))) {
    const lock = await takeLock(join(build, 'package.lock'), () => {
      options.log('Waiting for another process that is packaging.');
    });
    try {
      // Whoever held the lock may have packaged just this.
      const fingerprint = await fingerprintInputs(projectDirectory);
      if ((await stamped(stamp)) !== fingerprint) {
        options.log('Packaging functions and task programs (some seconds; only after a change).');
        await rm(stamp, { force: true });
        await rm(join(build, 'compile-cache'), { recursive: true, force: true });
        await Promise.all([runServerless(projectDirectory), bundleContainers(join(build, 'containers'))]);
        await unpackFunctions(projectDirectory);
        await writeFile(`${stamp}.new`, fingerprint);
        await rename(`${stamp}.new`, stamp);
      }
    } finally {
      lock.release();
    }
  }
  const packageFile = (name: string): Promise<string> => readFile(join(projectDirectory, '.serverless', name), 'utf8');
  const { service } = serverlessStateSchema.parse(JSON.parse(await packageFile('serverless-state.json')));
  return {
    stackName: `${service.service}-${service.provider.stage}`,
    template: JSON.parse(await packageFile(templateFile)),
    parameters: Object.fromEntries(service.provider.stackParameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue])),
    compileCacheDirectory: join(build, 'compile-cache'),
    functionDirectory: (artifact) => join(build, 'functions', artifact.replace(/\.zip$/, '')),
    containerProgram: (name) => join(build, 'containers', name, 'main.mjs'),
  };
}

const templateFile = 'cloudformation-template-update-stack.json';

/** The fingerprint of what was packaged; undefined when nothing was, or someone removed a part of it. */
async function stamped(stamp: string): Promise<string | undefined> {
  const build = dirname(stamp);
  const parts = [join(build, '..', '.serverless', templateFile), join(build, 'functions'), join(build, 'containers')];
  try {
    const [fingerprint] = await Promise.all([readFile(stamp, 'utf8'), ...parts.map((part) => access(part))]);
    return fingerprint;
  } catch {
    return undefined;
  }
}

async function runServerless(projectDirectory: string): Promise<void> {
  const program = join(projectDirectory, 'node_modules', 'serverless', 'bin', 'serverless.js');
  // serverless-esbuild leaves its copies of the zips in the temporary folder.
  const temporary = await mkdtemp(join(tmpdir(), 'ferry-package-'));
  try {
    await promisify(execFile)(process.execPath, [program, 'package'], {
      cwd: projectDirectory,
      env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off', NODE_OPTIONS: '', TMPDIR: temporary },
      timeout: packagingMilliseconds,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.trim();
    throw new FerryError('PackageFailed', `\`serverless package\` failed: ${output === '' ? String(error) : output}`, { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function bundleContainers(outputFolder: string): Promise<void> {
  try {
    await buildContainers(outputFolder);
  } catch (error) {
    throw new FerryError('PackageFailed', `The task programs could not be bundled: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Each zip of the package into a folder of its own, as Lambda unpacks it. */
async function unpackFunctions(projectDirectory: string): Promise<void> {
  const target = join(projectDirectory, '.build', 'functions');
  await rm(target, { recursive: true, force: true });
  const names = (await readdir(join(projectDirectory, '.serverless'))).filter((name) => name.endsWith('.zip'));
  for (const name of names) {
    const files = unzipSync(await readFile(join(projectDirectory, '.serverless', name)));
    const directory = join(target, name.replace(/\.zip$/, ''));
    for (const [path, content] of Object.entries(files)) {
      if (path.endsWith('/')) continue;
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    // Lambda takes `.js` for CommonJS; here the project's own package.json would say otherwise.
    if (files['package.json'] === undefined) await writeFile(join(directory, 'package.json'), '{ "type": "commonjs" }\n');
  }
}
