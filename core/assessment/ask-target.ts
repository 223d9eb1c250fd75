/** What the target itself says of a database's views and stored programs, before any of them is there. */
import type { Refusal } from '../stored-objects/attempt.ts';
import { oneByOne } from '../stored-objects/attempt.ts';
import { askTarget } from '../stored-objects/ask-target.ts';
import type { TargetAnswers } from '../stored-objects/ask-target.ts';
import type { StoredObject } from '../stored-objects/stored-object.ts';
import type { DatabaseFacts, Query } from './facts.ts';

export interface AskedServer {
  /** Of a connection that nobody else uses meanwhile: questions depend on its default database. */
  readonly query: Query;
  /** What it has answered already. */
  readonly known: Map<string, Refusal | undefined>;
}

/**
 * What the source refuses as well is left out: it did not work there either.
 * @throws what ends a connection
 */
export async function readOnTarget(
  facts: DatabaseFacts,
  target: AskedServer,
  source: AskedServer,
): Promise<TargetAnswers | undefined> {
  const objects = storedObjectsOf(facts);
  if (objects.length === 0) return undefined;
  const ask = ({ query, known }: AskedServer): Promise<TargetAnswers> =>
    askTarget({ database: facts.name, objects, query, attempt: oneByOne(query), isThere: false, known });
  const answers = await ask(target);
  if (
    answers.missingFunctions.size +
      answers.nativeFunctions.size +
      answers.missingTables.size +
      answers.refusedPatterns.size ===
    0
  )
    return answers;
  const before = await ask(source);
  return {
    ...answers,
    missingFunctions: without(answers.missingFunctions, before.missingFunctions),
    nativeFunctions: without(answers.nativeFunctions, before.nativeFunctions),
    missingTables: without(answers.missingTables, before.missingTables),
    refusedPatterns: new Map([...answers.refusedPatterns].filter(([key]) => !before.refusedPatterns.has(key))),
  };
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].filter((name) => !others.has(name)));
}

function storedObjectsOf({ views, programs }: DatabaseFacts): StoredObject[] {
  return [
    ...views.map(({ name, definer, runsAsInvoker, definition }): StoredObject => ({
      kind: 'view',
      name,
      definer,
      runsAsInvoker,
      sqlMode: '',
      text: definition,
    })),
    ...programs.map(({ kind, name, definer, runsAsInvoker, sqlMode, body }): StoredObject => ({
      kind,
      name,
      definer,
      runsAsInvoker,
      sqlMode,
      text: body,
    })),
  ];
}
