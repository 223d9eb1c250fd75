/** Bundles the task programs as their images do (`containers/<name>/Dockerfile` runs this file). */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FerryError } from '../../core/errors.ts';

/** Writes `.build/containers/<name>/main.mjs` for each folder of `containers/` that has a `main.ts`. @throws FerryError PackageFailed */
export async function bundleContainers(projectDirectory: string): Promise<void> {
  const folders = await readdir(join(projectDirectory, 'containers')).catch(() => []);
  const names = folders.filter((name) => existsSync(join(projectDirectory, 'containers', name, 'main.ts')));
  try {
    await build({
      entryPoints: names.map((name) => ({ in: join(projectDirectory, 'containers', name, 'main.ts'), out: `${name}/main` })),
      outdir: join(projectDirectory, '.build', 'containers'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      sourcemap: 'linked',
      // Packages inside the bundle that are CommonJS call require().
      banner: { js: "import { createRequire as createBundleRequire } from 'node:module';\nconst require = createBundleRequire(import.meta.url);" },
      logLevel: 'silent',
    });
  } catch (error) {
    throw new FerryError('PackageFailed', `The task programs could not be bundled: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
