/** Runs the programs that build and start images; their output is kept, and shown when they fail. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const shownLines = 30;

export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly output: string;

  constructor(program: string, output: string, options: ErrorOptions) {
    super(`${program} failed:\n${output.trim().split('\n').slice(-shownLines).join('\n')}`, options);
    this.output = output;
  }
}

/** Standard output. @throws ToolError */
export async function runTool(program: string, words: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {}): Promise<string> {
  try {
    const { stdout } = await execute(program, words, { maxBuffer: 64 * 1024 ** 2, timeout: 600_000, ...options });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.trim();
    throw new ToolError([program, ...words.slice(0, 1)].join(' '), output === '' ? String(error) : output, { cause: error });
  }
}
