/**
 * Asks the target itself what of a database's views and stored programs it cannot run. Its answers are of the target's
 * version, accounts and settings, which no list knows.
 */
import type { Query } from '../digests/table-digests.ts';
import { quoteIdentifier } from '../names.ts';
import type { Attempt, Refusal } from './attempt.ts';
import { readMissingDefiners } from './definers.ts';
import { knownEverywhere } from './known-everywhere.ts';
import { askAll, functionQuestion, patternQuestion, tableQuestion, textQuestion, viewQuestion } from './questions.ts';
import type { Answers, Question } from './questions.ts';
import type { StoredObject } from './stored-object.ts';
import { usesOf } from './uses.ts';
import type { Pattern, Uses } from './uses.ts';

export interface ExaminedObject extends StoredObject {
  readonly uses: Uses;
}

export interface TargetAnswers {
  readonly objects: readonly ExaminedObject[];
  /** `user@host`; undefined where the account may not read the target's accounts. */
  readonly missingDefiners: ReadonlySet<string> | undefined;
  /** As `Uses` has them. */
  readonly missingFunctions: ReadonlySet<string>;
  /** Names in small letters of the database's own functions whose unqualified calls MySQL's own function answers. */
  readonly nativeFunctions: ReadonlySet<string>;
  readonly missingTables: ReadonlySet<string>;
  /** By `patternKey`. */
  readonly refusedPatterns: ReadonlyMap<string, Refusal>;
  readonly refusedTexts: ReadonlyMap<string, Refusal>;
  /** By the view's name. */
  readonly refusedViews: ReadonlyMap<string, Refusal>;
}

export interface Examination {
  readonly database: string;
  readonly objects: readonly StoredObject[];
  readonly query: Query;
  readonly attempt: Attempt;
  /** Whether the database is there, so that its views can be tried. */
  readonly isThere: boolean;
  /** Answers that hold for all databases of the server. */
  readonly known?: Map<string, Refusal | undefined>;
}

/** No function has the name; where an account may not run stored functions, it is told so of one that is not there. */
const noFunction = new Set([1305, 1370, 1044]);
/** Only its own syntax means the function; it is no name at all. */
const [noFunctionOfThatForm, syntaxError] = [1630, 1064];
const noTable = new Set([1146, 1109, 1049]);
/** Others may come of what a program has made before: temporary tables. */
const refusedText = new Set([syntaxError, 1109, 1193, 1305]);
/** An argument such as `[[:<:]]`, that is wrong whatever stands around it. */
const illegalPattern = 3685;
/** A lock, a deadlock, a statement that was ended: nothing that the object is to blame for. */
const passing = new Set([1205, 1213, 1317, 3024]);
/** What this account may not, others may. */
const deniedToInvoker = new Set([1044, 1142, 1143, 1356, 1370]);

/** @throws what ends the connection */
export async function askTarget({
  database,
  query,
  attempt,
  isThere,
  known,
  ...given
}: Examination): Promise<TargetAnswers> {
  const objects = given.objects.map((object): ExaminedObject => ({ ...object, uses: usesOf(object) }));
  const own = new Set(objects.filter(({ kind }) => kind === 'function').map(({ name }) => name.toLowerCase()));
  const functions = distinct(objects, (uses) => uses.functions.filter(isWorthAsking));
  const tables = distinct(objects, (uses) => uses.systemTables);
  const patterns = objects.flatMap(({ uses }) => uses.patterns);
  const texts = isThere ? distinct(objects, (uses) => uses.statements) : [];
  const views = isThere ? objects.filter(({ kind }) => kind === 'view') : [];
  const ofServer = [...functions.map(functionQuestion), ...tables.map(tableQuestion), ...patterns.map(patternQuestion)];
  const ofDatabase = [...texts.map(textQuestion), ...views.map(({ name }) => viewQuestion(database, name))];
  const answers = await askAll(attempt, database, { ofServer, ofDatabase }, known);
  const errnoOf = (name: string): number => answers(functionQuestion(name))?.errno ?? 0;
  return {
    objects,
    missingDefiners: await readMissingDefiners(query, objects),
    missingFunctions: new Set(functions.filter((name) => !own.has(bareName(name)) && noFunction.has(errnoOf(name)))),
    nativeFunctions: new Set(
      functions
        .map((name) => ({ name: bareName(name), errno: errnoOf(name) }))
        .filter(({ name, errno }) => own.has(name) && isNative(errno))
        .map(({ name }) => name),
    ),
    missingTables: new Set(tables.filter((table) => noTable.has(answers(tableQuestion(table))?.errno ?? 0))),
    refusedPatterns: new Map(
      patterns.flatMap((pattern) => entry(patternKey(pattern), refusalOfPattern(pattern, answers))),
    ),
    refusedTexts: new Map(
      texts.flatMap((text) =>
        entry(
          text,
          only(answers(textQuestion(text)), (errno) => refusedText.has(errno)),
        ),
      ),
    ),
    refusedViews: new Map(
      views.flatMap((view) => entry(view.name, refusalOfView(view, answers(viewQuestion(database, view.name))))),
    ),
  };
}

/** @param names in small letters; @returns those that are functions of MySQL's own on the target */
export async function askNativeFunctions(attempt: Attempt, names: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = names.filter(isWorthAsking);
  // With quotes, as a view has them: a name that has a syntax of its own means the stored function then.
  const question = (name: string): Question => functionQuestion(quoteIdentifier(name));
  const answers = await askAll(attempt, 'information_schema', { ofServer: asked.map(question), ofDatabase: [] });
  return new Set(asked.filter((name) => isNative(answers(question(name))?.errno ?? 0)));
}

export function patternKey({ value, isBinary, isPartial }: Pattern): string {
  return JSON.stringify([value, isBinary, isPartial]);
}

/** Of a function as it is written, with quotes or without: names of functions are equal in all letters. */
export function bareName(name: string): string {
  return (name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name).toLowerCase();
}

function distinct(objects: readonly ExaminedObject[], choose: (uses: Uses) => readonly string[]): string[] {
  return [...new Set(objects.flatMap(({ uses }) => choose(uses)))];
}

function isWorthAsking(name: string): boolean {
  return !knownEverywhere.has(bareName(name).toUpperCase()) && !/^\d/.test(name);
}

function isNative(errno: number): boolean {
  return !noFunction.has(errno) && errno !== noFunctionOfThatForm && errno !== syntaxError;
}

/** Of a regular expression: those of ICU, of character sets that do not fit, and before MySQL 8 all in one. */
function isOfPattern(errno: number): boolean {
  return (errno >= 3684 && errno <= 3700) || errno === 3887 || errno === 3995 || errno === 1139;
}

function refusalOfPattern(pattern: Pattern, answers: Answers): Refusal | undefined {
  return only(
    answers(patternQuestion(pattern)),
    (errno) => isOfPattern(errno) && (!pattern.isPartial || errno === illegalPattern),
  );
}

function refusalOfView({ runsAsInvoker }: StoredObject, refusal: Refusal | undefined): Refusal | undefined {
  return only(refusal, (errno) => !(runsAsInvoker && deniedToInvoker.has(errno)));
}

function only(refusal: Refusal | undefined, accept: (errno: number) => boolean): Refusal | undefined {
  return refusal !== undefined && !passing.has(refusal.errno) && accept(refusal.errno) ? refusal : undefined;
}

function entry(key: string, refusal: Refusal | undefined): [string, Refusal][] {
  return refusal === undefined ? [] : [[key, refusal]];
}
