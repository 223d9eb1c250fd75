/** Tells whether what was packaged is still what the sources say. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything that a package is made from. Files of functions and containers import from `core`. */
export const packageInputs = [
  'serverless.yml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'resources',
  'statemachines',
  'functions',
  'containers',
  'core',
];

/** A SHA-256 over names and contents of the inputs; a missing input counts as empty. */
export async function fingerprintInputs(projectDirectory: string): Promise<string> {
  const files = (await Promise.all(packageInputs.map((input) => filesOf(projectDirectory, input)))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(join(projectDirectory, file))));
  const hash = createHash('sha256').update(process.version);
  for (const [index, file] of files.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

async function filesOf(projectDirectory: string, input: string): Promise<string[]> {
  try {
    const entries = await readdir(join(projectDirectory, input), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(projectDirectory.length + 1));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOTDIR') return [input];
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
