/**
 * Bundles the task programs into `.build/containers/<name>/main.mjs` and the chunks that they share, which start without
 * node_modules: `npm run build:containers`, in the Dockerfiles, and by the local runtime, whose hosts load both programs.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

export const containerNames = ['dump', 'import'] as const;

/** Makes `outputFolder` anew. @throws esbuild's BuildFailure */
export async function buildContainers(outputFolder: string): Promise<void> {
  await rm(outputFolder, { recursive: true, force: true });
  await build({
    entryPoints: containerNames.map((name) => ({ in: join(import.meta.dirname, name, 'main.ts'), out: `${name}/main` })),
    outdir: outputFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    sourcemap: 'linked',
    // Packages that are CommonJS inside call require for Node.js's own modules.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    legalComments: 'none',
    logLevel: 'silent',
    // Found in packages' exports: ECMAScript modules where there are both, which esbuild can prune.
    mainFields: ['module', 'main'],
  });
}

if (import.meta.main) await buildContainers(join(import.meta.dirname, '..', '.build', 'containers'));
