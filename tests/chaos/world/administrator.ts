/** The root user of a trial's runtime, as its state folder names the keys: an operator may do less. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { localConfiguration, readRunningRuntime, type RuntimeFile } from '../../../cli/deployment.ts';

const rootSchema = z.object({ credentials: z.object({ root: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }) }) });

export interface Administrator {
  readonly runtime: RuntimeFile;
  /** Of an AWS client. */
  readonly configuration: ReturnType<typeof localConfiguration>;
}

/** @throws when no runtime answers */
export async function readAdministrator(stateFolder: string): Promise<Administrator> {
  const runtime = await readRunningRuntime(stateFolder);
  if (runtime === undefined) throw new Error('No runtime answers.');
  const { credentials } = rootSchema.parse(JSON.parse(await readFile(join(stateFolder, 'runtime.json'), 'utf8')));
  return { runtime, configuration: { ...localConfiguration(runtime), credentials: credentials.root } };
}
