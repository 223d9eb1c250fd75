/** The help texts, made from what the commands declare and from the table of errors. */
import { errorKinds } from '../core/errors.ts';
import type { Command, OptionSpec } from './command-line.ts';
import type { Style } from './terminal/style.ts';
import { padEnd, padStart, textWidth, wrap } from './terminal/text.ts';

export interface HelpLayout {
  readonly width: number;
  readonly style: Style;
}

export const exitCodesTopic = 'exit-codes';

export function renderOverview(commands: readonly Command[], { width, style }: HelpLayout): string[] {
  return [
    `${style.bold('ferry')} moves fleets of MySQL databases to Amazon Aurora MySQL, on AWS or on one machine.`,
    '',
    style.bold('Usage'),
    '  ferry COMMAND [OPTIONS]',
    '',
    style.bold('Commands'),
    ...renderPairs([...commands.map(({ name, summary }) => [name, summary] as const), ['help [COMMAND]', 'Explain a command.']], width),
    '',
    style.bold('Where'),
    ...paragraph('Commands act on the local runtime (`ferry local`), or with --stage NAME on the deployed stack aurora-ferry-NAME.', width),
    '',
    style.bold('Output'),
    ...paragraph('Data go to standard output, everything else to standard error; --json prints one JSON document.', width),
    '',
    style.bold('Exit codes'),
    ...renderPairs(
      [
        ['0', 'done; for a run that was watched: every database is verified'],
        ['2', 'an option or an argument is wrong'],
        ['46', 'something blocks the migration (assess)'],
        ['80', 'databases were dead-lettered'],
        ['130', 'interrupted; a run that was watched goes on'],
        ['others', `ferry help ${exitCodesTopic}`],
      ],
      width,
    ),
  ];
}

export function renderCommandHelp(command: Command, { width, style }: HelpLayout): string[] {
  const usage = ['ferry', command.name, command.positionals, Object.keys(command.options).length > 0 ? '[OPTIONS]' : ''];
  return [
    ...wrap(command.summary, width - 1),
    '',
    style.bold('Usage'),
    `  ${usage.filter((word) => word !== '').join(' ')}`,
    '',
    ...command.description.flatMap((text) => paragraph(text, width)),
    '',
    style.bold('Options'),
    ...renderPairs(
      Object.entries(command.options).map(([name, spec]) => [optionUsage(name, spec), spec.help] as const),
      width,
    ),
    '',
    style.bold('Examples'),
    ...command.examples.map((example) => `  ${example}`),
  ];
}

/** Every error with its exit code, whether the workflow tries it again by itself, and what to do. */
export function renderExitCodes({ width, style }: HelpLayout): string[] {
  const kinds = Object.entries(errorKinds);
  const nameWidth = Math.max(...kinds.map(([name]) => name.length));
  const indent = 6 + nameWidth + 2;
  const rows = kinds
    .sort(([, a], [, b]) => a.exitCode - b.exitCode)
    .flatMap(([name, { exitCode, remedy }]) => {
      const [first = '', ...others] = wrap(remedy, Math.max(30, width - indent - 1));
      return [`${padStart(String(exitCode), 4)}  ${style.bold(padEnd(name, nameWidth))}  ${first}`, ...others.map((line) => ' '.repeat(indent) + line)];
    });
  return ['Every failure has a name and an exit code of its own.', '', ...rows];
}

function optionUsage(name: string, spec: OptionSpec): string {
  if (spec.implied !== undefined) return `--${name}[=${spec.value ?? ''}]`;
  return spec.value === undefined ? `--${name}` : `--${name} ${spec.value}`;
}

function renderPairs(pairs: readonly (readonly [string, string])[], width: number): string[] {
  const left = Math.max(...pairs.map(([term]) => textWidth(term)));
  return pairs.flatMap(([term, text]) => {
    const [first = '', ...others] = wrap(text, Math.max(24, width - left - 5));
    return [`  ${padEnd(term, left)}  ${first}`, ...others.map((line) => ' '.repeat(left + 4) + line)];
  });
}

function paragraph(text: string, width: number): string[] {
  return wrap(text, width - 3).map((line) => `  ${line}`);
}
