/** asl-validator: the definition against the States Language's schema, its paths and the reach of its states. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Finding } from './findings.ts';
import { installNpmPrograms } from './programs.ts';

export interface StatesLanguageResult {
  readonly version: string;
  readonly findings: readonly Finding[];
}

/** @throws Unavailable */
export async function runStatesLanguageValidator(definitionFile: string, cacheDirectory: string): Promise<StatesLanguageResult> {
  const folder = join(await installNpmPrograms(cacheDirectory), 'asl-validator');
  const { version, bin } = z.object({ version: z.string(), bin: z.record(z.string(), z.string()) }).parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  const program = join(folder, bin['asl-validator'] ?? '');
  return { version, findings: await validate(program, definitionFile) };
}

async function validate(program: string, definitionFile: string): Promise<Finding[]> {
  try {
    await promisify(execFile)(process.execPath, [program, '--json-path', definitionFile]);
    return [];
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    if (!stderr.includes('is invalid')) throw error;
    return [{ rule: 'asl-validator', template: definitionFile, resource: '', message: stderr.trim() }];
  }
}
