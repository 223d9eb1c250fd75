/**
 * The objects of a database as plain text, and how two of them differ. What versions print in different ways is made
 * alike when they are read (`read-structure.ts`), so that here texts are equal or differ.
 */
import { z } from 'zod';

/** Attributes of an object by name; one that has no value is left out. */
const objectSchema = z.record(z.string(), z.string());

/** By what an object is called: `table orders`, `column orders.id`, `trigger audit`, `database`. */
export const structureSchema = z.record(z.string(), objectSchema);
export type Structure = z.infer<typeof structureSchema>;
export type StructureObject = Structure[string];

export interface ObjectDifference {
  readonly object: string;
  /** undefined: the whole object is on one side only. */
  readonly attribute?: string;
  /** undefined: not there. */
  readonly source: string | undefined;
  readonly target: string | undefined;
}

/** Of a table: the counter when the dump began and, where rows were added meanwhile, when it had ended: `5`, `5..9`. */
export const counterAttribute = 'auto-increment';

/** Of a stored program: its database's collation when it was made. Structures of earlier versions of Ferry lack it. */
export const databaseCollation = 'database collation';

/** Of a generated column or a partition: the text that can be run, where the server prints it otherwise than it tells of it. */
export const printedAttribute = 'printed';

/** As far as the counter, or further. */
export function openCounter(counter: string): string {
  return `${counter.split('..')[0] ?? ''}..`;
}

export function compareStructures(source: Structure, target: Structure): ObjectDifference[] {
  const objects = new Set([...Object.keys(source), ...Object.keys(target)]);
  return [...objects].flatMap((object): ObjectDifference[] => {
    const [from, to] = [source[object], target[object]];
    if (from === undefined || to === undefined) return absence(object, from, to, source, target);
    return [...new Set([...Object.keys(from), ...Object.keys(to)])]
      .filter((attribute) => !agree(attribute, from[attribute], to[attribute]))
      .map((attribute) => ({ object, attribute, source: from[attribute], target: to[attribute] }));
  });
}

/** A missing table is told once, not once more for each of its columns. */
function absence(object: string, from: StructureObject | undefined, to: StructureObject | undefined, source: Structure, target: Structure): ObjectDifference[] {
  const table = from?.[ownerAttribute] ?? to?.[ownerAttribute];
  if (table !== undefined && (source[table] === undefined || target[table] === undefined)) return [];
  const said = (value: StructureObject | undefined): string | undefined => (value === undefined ? undefined : 'present');
  return [{ object, source: said(from), target: said(to) }];
}

/** Of a column, index, foreign key, check, partition or trigger: the table it is part of. */
export const ownerAttribute = 'of';

function agree(attribute: string, source: string | undefined, target: string | undefined): boolean {
  if (attribute === databaseCollation && source === undefined) return true;
  // Where one side does not have it, the attributes that both have tell.
  if (attribute === printedAttribute && (source === undefined || target === undefined)) return true;
  if (attribute !== counterAttribute || source === undefined || target === undefined) return source === target;
  const [lowest, highest = lowest] = source.split('..');
  return highest === '' ? BigInt(target) >= BigInt(lowest ?? 0) : BigInt(target) >= BigInt(lowest ?? 0) && BigInt(target) <= BigInt(highest ?? 0);
}

const shownCharacters = 60;
const shownBefore = 15;

/** `view totals, definition: source …, target …`, long values from a little before where they begin to differ. */
export function differenceText({ object, attribute, source, target }: ObjectDifference, [one, other]: readonly [string, string] = ['source', 'target']): string {
  const at = firstDifference(source ?? '', target ?? '');
  const shown = (value: string | undefined): string => (value === undefined ? 'none' : excerpt(value, at));
  return `${object}${attribute === undefined ? '' : `, ${attribute}`}: ${one} ${shown(source)}, ${other} ${shown(target)}`;
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

function excerpt(value: string, at: number): string {
  if (value.length <= shownCharacters) return value;
  const start = Math.max(0, at - shownBefore);
  return `${start > 0 ? '…' : ''}${value.slice(start, start + shownCharacters)}${start + shownCharacters < value.length ? '…' : ''}`;
}
