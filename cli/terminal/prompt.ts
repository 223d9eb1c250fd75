/** Asks for a password on the terminal, without showing it. */
import type { Context } from '../context.ts';
import { interruptedExitCode } from '../context.ts';
import { printable } from './text.ts';

/** Ends the process on Ctrl-C, as a terminal that is not in raw mode would. */
export async function promptPassword(context: Context, question: string): Promise<string> {
  const { stdin, stderr } = context;
  stderr.write(printable(question));
  stdin.setRawMode?.(true);
  stdin.resume();
  try {
    return await readLine(context);
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    stderr.write('\n');
  }
}

function readLine({ stdin }: Context): Promise<string> {
  return new Promise((resolve) => {
    let typed = '';
    const onData = (chunk: Buffer | string): void => {
      for (const character of chunk.toString()) {
        if (character === '\r' || character === '\n' || character === '\u0004') {
          stdin.off('data', onData);
          resolve(typed);
          return;
        }
        if (character === '\u0003') {
          stdin.setRawMode?.(false);
          process.exit(interruptedExitCode);
        }
        typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character;
      }
    };
    stdin.on('data', onData);
  });
}
