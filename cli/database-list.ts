/** The list of databases that an operator gives, checked whole before anything is started. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { checkDatabaseName } from '../core/names.ts';
import { errorKinds, FerryError } from '../core/errors.ts';
import type { ErrorName } from '../core/errors.ts';
import type { Context } from './context.ts';
import { formatCount, formatPlural } from './terminal/format.ts';

interface NamedAt {
  readonly name: string;
  /** `line 4`, `argument 2`. */
  readonly place: string;
}

interface Flaw {
  readonly place: string;
  readonly error: ErrorName;
  readonly message: string;
}

const flawsShown = 20;

/**
 * The names given as arguments, in a file, or on standard input, all of them valid and named once.
 * @throws FerryError EmptyDatabaseList, InvalidDatabaseName, SystemDatabase, DuplicateDatabase: the first flaw's name,
 * and a message with every flaw and its line; InvalidInput for a file that cannot be read
 */
export async function readDatabaseList(context: Context, names: readonly string[], file: string | undefined): Promise<string[]> {
  if (names.length > 0 && file !== undefined) {
    throw new FerryError('InvalidInput', 'Databases were named both as arguments and by --file: give one of them.');
  }
  const given = names.length > 0 ? names.map((name, index) => ({ name, place: `argument ${index + 1}` })) : await readLines(context, file);
  return checkDatabaseList(given);
}

function checkDatabaseList(given: readonly NamedAt[]): string[] {
  if (given.length === 0) throw new FerryError('EmptyDatabaseList', 'The list of databases is empty; nothing was started.');
  const flaws = findFlaws(given);
  const [first] = flaws;
  if (first === undefined) return given.map(({ name }) => name);
  throw new FerryError(first.error, describeFlaws(flaws, given.length));
}

function findFlaws(given: readonly NamedAt[]): Flaw[] {
  const flaws: Flaw[] = [];
  const firstPlace = new Map<string, string>();
  for (const { name, place } of given) {
    const earlier = firstPlace.get(name);
    if (earlier !== undefined) {
      flaws.push({ place, error: 'DuplicateDatabase', message: `\`${name}\` was named before, on ${earlier}.` });
      continue;
    }
    firstPlace.set(name, place);
    try {
      checkDatabaseName(name);
    } catch (error) {
      const flaw = FerryError.from(error);
      flaws.push({ place, error: flaw.name, message: flaw.message });
    }
  }
  return flaws;
}

function describeFlaws(flaws: readonly Flaw[], total: number): string {
  const kinds = [...new Set(flaws.map(({ error }) => error))];
  const lines = flaws
    .slice(0, flawsShown)
    .map(({ place, error, message }) => `  ${place}: ${kinds.length > 1 ? `${error}: ` : ''}${message}`);
  if (flaws.length > flawsShown) lines.push(`  and ${formatCount(flaws.length - flawsShown)} more`);
  const others = kinds.slice(1).map((kind) => `  ${kind}: ${errorKinds[kind].remedy}`);
  const head = `${formatCount(flaws.length)} of ${formatPlural(total, 'name')} cannot be used; nothing was started.`;
  return [head, ...lines, ...others].join('\n');
}

async function readLines(context: Context, file: string | undefined): Promise<NamedAt[]> {
  if (file === undefined && context.stdin.isTTY === true) {
    throw new FerryError('EmptyDatabaseList', 'No database was named, and standard input is a terminal; nothing was started.');
  }
  const content = file === undefined || file === '-' ? await text(context.stdin) : await readListFile(file);
  return content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, index) => ({ name: line.replace(/\r$/, ''), place: `line ${index + 1}` }))
    .filter(({ name }) => name !== '');
}

async function readListFile(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new FerryError('InvalidInput', `The file ${file} cannot be read: ${reason}.`, { cause: error });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new FerryError('InvalidInput', `The file ${file} is not UTF-8.`, { cause: error });
  }
}
