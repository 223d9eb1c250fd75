/** The `ferry` command: chooses the command, gives it what it needs of the process, and reports how it ended. */
import { readFile } from 'node:fs/promises';
import { FerryError } from '../core/errors.ts';
import { asFerryError } from './aws-errors.ts';
import type { Command } from './command-line.ts';
import { nearest, parseWords } from './command-line.ts';
import { commands } from './commands/index.ts';
import type { Context } from './context.ts';
import { interruptedExitCode, print } from './context.ts';
import { exitCodesTopic, renderCommandHelp, renderExitCodes, renderOverview } from './help.ts';
import { standardOutput, standardOutputFailure } from './files/standard-output.ts';
import { Interruption } from './process/interruption.ts';
import { styleFor } from './terminal/style.ts';
import { printableLines, wrap } from './terminal/text.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const context = processContext();
  // What no command was there to catch (in a server's callback, say) is reported as any other failure, and ends the process.
  process.on('uncaughtException', (error) => {
    process.exit(reportError(context, asFerryError(error)));
  });
  context.stdout.on('error', (error) => {
    process.exit(reportError(context, standardOutputFailure(error)));
  });
  // Nobody reads what is told: what is being done is worth more than that.
  context.stderr.on('error', () => undefined);
  try {
    return await runCommand(context, words);
  } catch (error) {
    return reportError(context, asFerryError(error));
  }
}

async function runCommand(context: Context, words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === '--version') {
    print(context.stdout, await readVersion());
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h') return showHelp(context, undefined);
  if (name === 'help') return showHelp(context, rest[0]);
  const command = findCommand(name);
  const optionsEnd = rest.indexOf('--');
  const options = optionsEnd === -1 ? rest : rest.slice(0, optionsEnd);
  if (options.includes('--help') || options.includes('-h')) return showHelp(context, name);
  const { values, positionals } = parseWords(command, rest);
  return command.run(context, values, positionals);
}

/** @throws FerryError InvalidInput */
function findCommand(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const near = nearest(name, commands.map((each) => each.name));
  throw new FerryError('InvalidInput', `There is no command ${JSON.stringify(name)}.${near === undefined ? '' : ` Did you mean \`ferry ${near}\`?`}`);
}

function showHelp(context: Context, topic: string | undefined): number {
  const layout = { width: Math.min(context.stdout.columns ?? 100, 110), style: styleFor(context.stdout, context.environment) };
  const lines =
    topic === undefined ? renderOverview(commands, layout)
    : topic === exitCodesTopic ? renderExitCodes(layout)
    : renderCommandHelp(findCommand(topic), layout);
  print(context.stdout, lines.join('\n'));
  return 0;
}

/** `ferry: NAME: message` and its remedy, on standard error. @returns the exit code */
function reportError(context: Context, error: FerryError): number {
  const style = styleFor(context.stderr, context.environment);
  const width = context.stderr.isTTY === true ? Math.min(context.stderr.columns ?? 80, 110) : Number.POSITIVE_INFINITY;
  print(context.stderr, `${style.red(style.bold(`ferry: ${error.name}:`))} ${printableLines(error.message)}`);
  const [first = '', ...others] = wrap(error.remedy, width - 9);
  print(context.stderr, [`${style.yellow('Remedy:')} ${first}`, ...others.map((line) => `        ${line}`)].join('\n'));
  // Only a defect is worth a stack: everything else is told by its message.
  if (error.name === 'InternalError' && error.cause instanceof Error) print(context.stderr, printableLines(error.cause.stack ?? ''));
  return error.exitCode;
}

function processContext(): Context {
  let interruption: Interruption | undefined;
  endWithStarter(() => interruption);
  return {
    stdin: process.stdin,
    stdout: standardOutput(),
    stderr: process.stderr,
    environment: process.env,
    directory: process.cwd(),
    now: () => new Date(),
    interruption: () => {
      if (interruption === undefined) {
        interruption = new Interruption({ now: () => performance.now(), exit: () => process.exit(interruptedExitCode) });
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interruption.request);
      }
      return interruption.signal;
    },
  };
}

/**
 * Whoever started this process as a part of itself (`ferry.js`, `ferry migrate`) holds the other end of a channel. Where that closes,
 * its holder has ended, even by SIGKILL, and nobody is left whom this process would serve.
 */
function endWithStarter(interruption: () => Interruption | undefined): void {
  if (process.channel === undefined) return;
  process.on('disconnect', () => {
    const asked = interruption();
    if (asked === undefined) process.exit(interruptedExitCode);
    asked.request();
  });
  process.channel.unref();
}

async function readVersion(): Promise<string> {
  const content = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(content) as { version: string }).version;
}
