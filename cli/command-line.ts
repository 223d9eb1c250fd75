/** What a command declares, and how its words are read: `node:util` parses, a schema of the command checks. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import type { Context } from './context.ts';

export interface OptionSpec {
  /** What the help shows for its value, `NAME`; absent for an option that takes none. */
  readonly value?: string;
  readonly multiple?: boolean;
  /** The value may be left out, and is this then: `--freeze`, or `--freeze=revoke`. */
  readonly implied?: string;
  readonly help: string;
}

export type Values = Readonly<Record<string, string | boolean | string[] | undefined>>;

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** `DATABASE...`, or '' for a command that takes only options. */
  readonly positionals: string;
  readonly description: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  readonly run: (context: Context, values: Values, positionals: readonly string[]) => Promise<number>;
}

export interface Words {
  readonly values: Values;
  readonly positionals: readonly string[];
}

/** @throws FerryError InvalidInput for an option that the command does not have, or that lacks its value */
export function parseWords(command: Command, words: readonly string[]): Words {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, spec]) => [
      name,
      { type: spec.value === undefined ? ('boolean' as const) : ('string' as const), multiple: spec.multiple ?? false },
    ]),
  );
  checkOptionNames(command, words);
  try {
    const { values, positionals } = parseArgs({ args: withImpliedValues(command, words), options, allowPositionals: true, strict: true });
    if (command.positionals === '' && positionals[0] !== undefined) {
      throw new FerryError('InvalidInput', `ferry ${command.name} takes no argument, but got ${JSON.stringify(positionals[0])}.`);
    }
    return { values: values as Values, positionals };
  } catch (error) {
    if (error instanceof FerryError) throw error;
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new FerryError('InvalidInput', `ferry ${command.name}: ${message}`, { cause: error });
  }
}

function withImpliedValues({ options }: Command, words: readonly string[]): string[] {
  const end = words.indexOf('--');
  return words.map((word, index) => {
    const implied = end === -1 || index < end ? options[word.startsWith('--') ? word.slice(2) : '']?.implied : undefined;
    return implied === undefined ? word : `${word}=${implied}`;
  });
}

function checkOptionNames(command: Command, words: readonly string[]): void {
  const end = words.indexOf('--');
  for (const word of end === -1 ? words : words.slice(0, end)) {
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name === undefined || Object.hasOwn(command.options, name)) continue;
    const near = nearest(name, Object.keys(command.options));
    const hint = near === undefined ? '' : ` Did you mean --${near}?`;
    throw new FerryError('InvalidInput', `ferry ${command.name} has no option --${name}.${hint}`);
  }
}

/**
 * Reads a command's options by its schema, whose keys are the options' names.
 * @throws FerryError InvalidInput that names every option that is wrong
 */
export function readOptions<Schema extends z.ZodType>(schema: Schema, values: Values): z.infer<Schema> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.map((issue) => `--${issue.path.join('.')} ${issue.message}`);
  throw new FerryError('InvalidInput', `${flaws.join('; ')}.`);
}

/** An option's value as a whole number within bounds. */
export function wholeNumber(least: number, most: number): z.ZodType<number> {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}

/** The candidate that differs least from `word`, when it differs by no more than a third of it. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: candidate.startsWith(word) ? 0.5 : editDistance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, word.length / 3) ? best.candidate : undefined;
}

/** Levenshtein's distance. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
