/** What the target's objects should be: the source's, but for what the import's audit says was converted. */
import type { Audit } from '../contracts.ts';
import type { ConversionName } from '../conversions.ts';
import { withExplicitCollations } from '../explicit-collations.ts';
import { withPresentGeometryFunctions } from '../geometry-functions.ts';
import { nearestCollation, withNearestCollations } from '../mariadb-collations.ts';
import { qualifiedBetween, withQualifiedNames } from '../stored-objects/native-names.ts';
import { removedSqlModes } from '../sql-modes.ts';
import { readingOf } from '../sql-tokens.ts';
import type { Reading } from '../sql-tokens.ts';
import { counterAttribute, databaseCollation, openCounter, ownerAttribute } from './structure.ts';
import type { ObjectDifference, Structure } from './structure.ts';

type AuditEntry = Audit['entries'][number];

type Effect =
  | ((expected: Structure, entry: AuditEntry) => void)
  /** The import ends there, so that nothing is compared. */
  | 'refuses'
  /** What it changes is no part of a structure, or is what the source means without saying so. */
  | 'unseen';

/** Of every rule: one that is not here does not compile. */
const effects: Readonly<Record<ConversionName, Effect>> = {
  'sandbox-line': 'unseen',
  'mariadb-comment': 'unseen',
  'server-state': 'unseen',
  'unique-checks': 'unseen',
  'merge-engine': 'refuses',
  'remote-engine': 'refuses',
  'mariadb-table': 'refuses',
  'mariadb-type': 'refuses',
  'year-two-digits': 'refuses',
  // Row formats, placement and options of other engines are not compared.
  'row-format': 'unseen',
  'file-placement': 'unseen',
  'table-options': 'unseen',
  // The default means the same in parentheses, as the target itself says; a body the same without its last semicolon.
  'default-expression': 'unseen',
  'trailing-semicolon': 'unseen',
  'storage-engine': (expected, { object }) => {
    set(expected, object, 'engine', 'InnoDB');
  },
  'disabled-event': (expected, { object }) => {
    set(expected, object, 'status', 'DISABLED');
  },
  'expired-event': (expected, { object }) => {
    Reflect.deleteProperty(expected, object);
  },
  'auto-increment-key': addKey,
  'check-name': nameChecks,
  'sql-mode': (expected) => {
    for (const name of Object.keys(expected)) change(expected, name, 'sql mode', (modes) => modes.split(',').filter((mode) => !removedSqlModes.has(mode)).join(','));
  },
  'mariadb-collation': replaceCollations,
  'old-geometry-function': (expected, entry) => {
    rewriteTexts(expected, entry, withPresentGeometryFunctions);
  },
  // Of a table or a parameter, information_schema names the collation whether it was written out or not.
  'explicit-collation': (expected, entry) => {
    rewriteTexts(expected, entry, withExplicitCollations);
  },
  'native-function-name': (expected, entry) => {
    const qualified = qualifiedBetween(entry.before, entry.after);
    if (qualified !== undefined) rewriteTexts(expected, entry, (text) => withQualifiedNames(text, qualified));
  },
  'missing-definer': replaceDefiner,
};

/** @param audit of the import that made the target: conversions of another one do not count */
export function expectedStructure(source: Structure, audit: Audit['entries']): Structure {
  const expected = { ...source };
  for (const entry of audit) {
    const effect = isKnown(entry.rule) ? effects[entry.rule] : 'unseen';
    if (typeof effect === 'function') effect(expected, entry);
  }
  return expected;
}

/** What a target makes of a statement that its rule, switched off by the operator, would have changed. */
const choices: Partial<Record<ConversionName, (difference: ObjectDifference) => boolean>> = {
  'storage-engine': ({ object, attribute, target }) => object.startsWith('table ') && attribute === 'engine' && target === 'InnoDB',
  'explicit-collation': ({ source, target }) => source !== undefined && source.replaceAll('utf8mb4_general_ci', 'utf8mb4_0900_ai_ci') === target,
};

/** Whether the operator left it to the target that something differs. */
export function isLeftToTarget(difference: ObjectDifference, off: Audit['off']): boolean {
  return off.some((rule) => isKnown(rule) && choices[rule]?.(difference) === true);
}

function isKnown(rule: string): rule is ConversionName {
  return Object.hasOwn(effects, rule);
}

/** The audit calls a procedure or function a routine. */
function programsOf(object: string): string[] {
  return object.startsWith('routine ') ? ['procedure', 'function'].map((kind) => object.replace('routine', kind)) : [object];
}

type Rewrite = (text: string, reading: Reading) => string | undefined;

/** As the rule rewrites the statement that holds them. */
function rewriteTexts(expected: Structure, { object }: AuditEntry, rewrite: Rewrite): void {
  for (const name of programsOf(object)) {
    const reading = readingOf(expected[name]?.['sql mode'] ?? '');
    const rewritten = (text: string): string => rewrite(text, reading) ?? text;
    for (const attribute of ['body', 'definition', 'parameters']) change(expected, name, attribute, rewritten);
  }
}

/** InnoDB counts over all groups of a counter that MyISAM kept for each, so that it may be further. */
function addKey(expected: Structure, { object, after }: AuditEntry): void {
  const column = /, KEY \(`((?:[^`]|``)+)`\)\s*\)[^)]*$/s.exec(after)?.[1]?.replaceAll('``', '`');
  if (column === undefined || expected[object] === undefined) return;
  change(expected, object, counterAttribute, openCounter);
  const owner = object.slice('table '.length);
  let name = column;
  // As the server names an index that was given no name.
  for (let number = 2; expected[`index ${owner}.${name}`] !== undefined; number += 1) name = `${column}_${number}`;
  expected[`index ${owner}.${name}`] = { [ownerAttribute]: object, kind: 'INDEX', columns: column };
}

/** MySQL numbers the checks of a table that have no name: those of its columns, which are read with such numbers, and then the others. */
function nameChecks(expected: Structure, { object }: AuditEntry): void {
  const table = object.slice('table '.length);
  const checks = Object.keys(expected).filter((name) => expected[name]?.[ownerAttribute] === object && name.startsWith('check '));
  let number = checks.filter((name) => name.startsWith(`check ${table}.${table}_chk_`)).length;
  for (const name of checks.filter((each) => /^CONSTRAINT_\d+$/.test(each.slice(`check ${table}.`.length)))) {
    number += 1;
    expected[`check ${table}.${table}_chk_${number}`] = { ...expected[name] };
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- A copy, whose keys are names of objects.
    delete expected[name];
  }
}

function replaceCollations(expected: Structure, entry: AuditEntry): void {
  const { object } = entry;
  if (object === 'session') {
    for (const name of Object.keys(expected)) change(expected, name, 'connection', nearestCollation);
  } else if (object.startsWith('database ')) {
    change(expected, 'database', 'collation', nearestCollation);
    for (const name of Object.keys(expected)) change(expected, name, databaseCollation, nearestCollation);
  } else if (object.startsWith('table ')) {
    for (const [name, { [ownerAttribute]: table }] of Object.entries(expected)) {
      if (name !== object && table !== object) continue;
      change(expected, name, 'collation', nearestCollation);
      for (const attribute of ['generated', 'expression', 'default']) change(expected, name, attribute, (text) => withNearestCollations(text) ?? text);
    }
  } else {
    rewriteTexts(expected, entry, withNearestCollations);
  }
}

function replaceDefiner(expected: Structure, { object, after }: AuditEntry): void {
  const [, user, host] = /\bDEFINER\s*=\s*`((?:[^`]|``)*)`@`((?:[^`]|``)*)`/.exec(after) ?? [];
  if (user === undefined || host === undefined) return;
  for (const name of programsOf(object)) set(expected, name, 'definer', `${user}@${host}`.replaceAll('``', '`'));
}

/** @param to of the value that there is; '' takes the attribute away */
function change(expected: Structure, object: string, attribute: string, to: (value: string) => string): void {
  const value = expected[object]?.[attribute];
  if (value !== undefined) set(expected, object, attribute, to(value));
}

function set(expected: Structure, object: string, attribute: string, value: string): void {
  const known = expected[object];
  if (known === undefined) return;
  const others = Object.entries(known).filter(([name]) => name !== attribute);
  expected[object] = Object.fromEntries(value === '' ? others : [...others, [attribute, value]]);
}
