/** The list of databases that an operator gives, checked whole before anything is started. */
import { buffer } from 'node:stream/consumers';
import { decodeList, parseList } from '../core/database-lists/list-text.ts';
import { checkDatabaseName } from '../core/names.ts';
import { errorKinds, FerryError } from '../core/errors.ts';
import type { ErrorName } from '../core/errors.ts';
import type { Context } from './context.ts';
import { print } from './context.ts';
import { readNamedFile } from './files/read-whole.ts';
import { formatCount, formatPlural } from './terminal/format.ts';

interface NamedAt {
  readonly name: string;
  /** `line 4`, `argument 2`. */
  readonly place: string;
}

interface Given {
  readonly names: readonly NamedAt[];
  /** Of lines that are no names. */
  readonly flaws: readonly Flaw[];
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
  return checkDatabaseList(names.length > 0 ? givenAsArguments(names) : await readLines(context, file));
}

function givenAsArguments(names: readonly string[]): Given {
  return { names: names.map((name, index) => ({ name, place: `argument ${index + 1}` })), flaws: [] };
}

function checkDatabaseList({ names, flaws: ofLines }: Given): string[] {
  const total = names.length + ofLines.length;
  if (total === 0) throw new FerryError('EmptyDatabaseList', 'The list of databases is empty; nothing was started.');
  const flaws = [...ofLines, ...findFlaws(names)];
  const [first] = flaws;
  if (first === undefined) return names.map(({ name }) => name);
  throw new FerryError(first.error, describeFlaws(flaws, total));
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

async function readLines(context: Context, file: string | undefined): Promise<Given> {
  if (file === undefined && context.stdin.isTTY === true) {
    throw new FerryError('EmptyDatabaseList', 'No database was named, and standard input is a terminal; nothing was started.');
  }
  const isInput = file === undefined || file === '-';
  const what = isInput ? 'Standard input' : `The file ${file}`;
  const { names, flaws, comments } = parseList(decodeList(isInput ? await buffer(context.stdin) : await readNamedFile(file), what));
  const [first] = comments;
  if (first !== undefined) print(context.stderr, `${what}: ${formatPlural(comments.length, 'line')} beginning with # taken as comments, the first of them line ${first}.`);
  const placed = ({ line }: { readonly line: number }): string => `line ${line}`;
  return {
    names: names.map((each) => ({ name: each.name, place: placed(each) })),
    flaws: flaws.map((each) => ({ place: placed(each), error: 'InvalidDatabaseName', message: each.message })),
  };
}
