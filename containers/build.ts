/**
 * Bundles each task program into `.build/containers/<name>/main.mjs`, one file that starts without node_modules:
 * `npm run build:containers`, here and in the Dockerfiles.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

export const containerNames = ['dump', 'import'] as const;
export type ContainerName = (typeof containerNames)[number];

/** @returns the path of the bundle, under `outputFolder` */
export async function buildContainer(name: ContainerName, outputFolder: string): Promise<string> {
  const outfile = join(outputFolder, name, 'main.mjs');
  await mkdir(join(outputFolder, name), { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, name, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Packages that are CommonJS inside call require for Node.js's own modules.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    legalComments: 'none',
    logLevel: 'warning',
    // Found in packages' exports: ECMAScript modules where there are both, which esbuild can prune.
    mainFields: ['module', 'main'],
  });
  return outfile;
}

if (import.meta.main) {
  const outputFolder = join(import.meta.dirname, '..', '.build', 'containers');
  for (const name of containerNames) console.log(await buildContainer(name, outputFolder));
}
