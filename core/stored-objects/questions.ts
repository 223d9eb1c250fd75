/**
 * What a server is asked to find out whether it takes a function, a table, a regular expression or a view: statements
 * that it prepares and does not run, and regular expressions over one character.
 */
import { quoteIdentifier } from '../names.ts';
import { textLiteral } from '../sql-text.ts';
import type { Attempt, Refusal } from './attempt.ts';
import type { Pattern } from './uses.ts';

/** Statements to be sent one after the other; that one is refused is the answer. */
export type Question = readonly string[];

export function functionQuestion(name: string): Question {
  return prepared(`DO ${name}()`);
}

export function tableQuestion(table: string): Question {
  return prepared(`SELECT 1 FROM ${table} LIMIT 0`);
}

export function patternQuestion({ value, isBinary }: Pattern): Question {
  // The character has an introducer as the pattern may have one: of a plain one the session decides the collation.
  return [
    `DO _utf8mb4 x'78' REGEXP ${isBinary ? 'BINARY ' : ''}_utf8mb4 x'${Buffer.from(value, 'utf8').toString('hex')}'`,
  ];
}

export function textQuestion(text: string): Question {
  return prepared(text);
}

/** Resolves the view's query with the rights of its definer; no row is read. */
export function viewQuestion(database: string, view: string): Question {
  return prepared(`SELECT 1 FROM ${quoteIdentifier(database)}.${quoteIdentifier(view)} LIMIT 0`);
}

/** PREPARE takes a plain literal, or a variable for what an sql_mode could read in another way. */
function prepared(sql: string): Question {
  if (/^[\w\s()`.*]*$/.test(sql)) return [`PREPARE _aurora_ferry FROM '${sql}'`];
  return [`SET @_aurora_ferry = ${textLiteral(sql)}`, 'PREPARE _aurora_ferry FROM @_aurora_ferry'];
}

export interface Questions {
  /** Answered alike for every database of a server. */
  readonly ofServer: readonly Question[];
  /** Answered as for a client that uses the database, under the mode that clients have by default. */
  readonly ofDatabase: readonly Question[];
}

/** What a server answered to a question; undefined where it took it. */
export type Answers = (question: Question) => Refusal | undefined;

/** Without a function of a database of the user: information_schema has none. */
const asServer = ['USE information_schema'];

/**
 * All in one round trip, and one more for each that is refused.
 * @param known answers of this server from before; new ones of the server are added
 */
export async function askAll(
  attempt: Attempt,
  database: string,
  { ofServer, ofDatabase }: Questions,
  known = new Map<string, Refusal | undefined>(),
): Promise<Answers> {
  const isNew = (question: Question): boolean => !known.has(keyOf(question));
  const asked = distinct(ofServer).filter(isNew);
  const own = distinct(ofDatabase);
  const asClient = ['SET SESSION sql_mode = @@GLOBAL.sql_mode', `USE ${quoteIdentifier(database)}`];
  const statements = [
    ...(asked.length === 0 ? [] : asServer),
    ...asked.flat(),
    ...(own.length === 0 ? [] : asClient),
    ...own.flat(),
  ];
  const refused = statements.length === 0 ? new Map<number, Refusal>() : await attempt(statements);
  const answers = new Map<string, Refusal | undefined>();
  let place = asked.length === 0 ? 0 : asServer.length;
  const take = (question: Question): Refusal | undefined => {
    const refusal = question.map((_, offset) => refused.get(place + offset)).find((each) => each !== undefined);
    place += question.length;
    return refusal;
  };
  for (const question of asked) known.set(keyOf(question), take(question));
  place += own.length === 0 ? 0 : asClient.length;
  for (const question of own) answers.set(keyOf(question), take(question));
  return (question) => answers.get(keyOf(question)) ?? known.get(keyOf(question));
}

function distinct(questions: readonly Question[]): Question[] {
  return [...new Map(questions.map((question) => [keyOf(question), question])).values()];
}

function keyOf(question: Question): string {
  return question.join('\n');
}
