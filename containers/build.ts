/**
 * Bundles the task programs into `.build/containers/<name>/main.mjs` and the chunks that they share, which start without
 * node_modules: `npm run build:containers`, in the Dockerfiles (`node containers/build.ts dump`: that one alone), and by
 * the local runtime, whose hosts load both programs.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FerryError } from '../core/errors.ts';

export const containerNames = ['dump', 'import'] as const;

export type ContainerName = (typeof containerNames)[number];

/** Makes `outputFolder` anew. @throws esbuild's BuildFailure */
export async function buildContainers(outputFolder: string, names: readonly ContainerName[] = containerNames): Promise<void> {
  await rm(outputFolder, { recursive: true, force: true });
  await build({
    entryPoints: names.map((name) => ({ in: join(import.meta.dirname, name, 'main.ts'), out: `${name}/main` })),
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

if (import.meta.main) await buildContainers(join(import.meta.dirname, '..', '.build', 'containers'), namesOf(process.argv.slice(2)));

function namesOf(given: readonly string[]): readonly ContainerName[] {
  const isName = (name: string): name is ContainerName => containerNames.some((known) => known === name);
  const names = given.filter(isName);
  if (names.length < given.length) throw new FerryError('InvalidInput', `The task programs are ${containerNames.join(' and ')}; asked for: ${given.join(', ')}.`);
  return names.length === 0 ? containerNames : names;
}
