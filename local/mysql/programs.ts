/** Runs the short programs that the installation needs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Standard output of a program that is to succeed; its error message carries the end of standard error. */
export async function runProgram(program: string, args: readonly string[], folder?: string): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], { maxBuffer: 16 * 1024 * 1024, ...(folder === undefined ? {} : { cwd: folder }) });
    return stdout;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
    const reason = stderr.trim() === '' ? String(error) : stderr.trim().split('\n').slice(-5).join('\n');
    throw new Error(`${program} failed: ${reason}`, { cause: error });
  }
}
