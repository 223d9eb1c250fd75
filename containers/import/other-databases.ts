/**
 * What of a database refers to other databases. Tables, rows, routines, triggers and events are loaded whatever there is of those; a
 * view cannot be made before what it reads is there, and a foreign key without its parent lets no row in. So the verification makes
 * the views and looks for the parents, and when something is missing still, the database waits for a later pass of the run.
 */
import type { Audit } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { errnoOf, messageOf, serverFailure } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { otherObjectsIn } from '../../core/objects/other-databases.ts';
import type { OtherObject } from '../../core/objects/other-databases.ts';
import { textLiteral } from '../../core/sql-text.ts';
import { BatchError, bytesAsText, textOfBytes } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';
import { isDefinerRefusal, makeOverOthers } from './borrowed-views.ts';
import { absentPartners } from './partners.ts';
import { importFailure } from './rejections.ts';
import { importSettings } from './session-settings.ts';
import type { DumpStatement } from './statement-kinds.ts';
import { connectTarget } from './target.ts';
import type { TargetTask } from './target.ts';
import { withImporter, withOwnDefiner } from './view-order.ts';
import type { View } from './view-order.ts';

/** 1049 no such database, 1146 no such table, 1305 no such routine, 1356 a view without what it is over. */
const missingErrors = new Set([1049, 1146, 1305, 1356]);
const unknownDatabase = 1049;
const keyToOther = /\bREFERENCES `(?:[^`]|``)+`\.`/;
const shownNeeds = 5;

/** An object that waits, and what it waits for; undefined where that is another view of its own database. */
interface Waiting {
  readonly object: string;
  readonly needs: OtherObject | undefined;
}

/** @param views all of the schema, where one of them could not be made */
export function describeOthers(schema: readonly DumpStatement[], views: readonly View[]): Audit['others'] {
  const keys = schema.some(({ kind, sql }) => kind === 'table' && keyToOther.test(sql));
  if (!keys && views.length === 0) return undefined;
  const stored = ({ statement: { object: name, sql }, settings }: View) => ({ name, sql, settings: settings.map((setting) => setting.sql) });
  return { keys, views: views.map(stored) };
}

/** Whether a view reads another database. */
export function refersToOthers(schema: readonly DumpStatement[], database: string): boolean {
  const own = bytesAsText(database);
  return schema.some(({ kind, verb, sql }) => kind === 'view' && verb === 'CREATE' && otherObjectsIn(sql, own).length > 0);
}

/** Whether a view was refused because of another database: something of it is not there, or is a view that the server does not look through. */
export function isForOthers(error: unknown, { sql }: DumpStatement, database: string): boolean {
  const isOverOthers = isDefinerRefusal(error) && otherObjectsIn(sql, bytesAsText(database)).length > 0;
  return isOverOthers || missingOther(error, sql, database) !== undefined;
}

/**
 * Makes the views that could not be made yet. Those that can be made are there afterwards, whatever the others lack.
 * @throws FerryError WaitsForDatabase, which is final when what is missing will not come; ImportRejected; TargetUnreachable
 */
export async function makeWaiting(context: TaskContext, target: TargetTask, others: Audit['others']): Promise<void> {
  if (others === undefined) return;
  const { database } = context.task;
  const session = await connectTarget(target, context);
  try {
    for (const sql of [...importSettings, `USE ${quoteIdentifier(database)}`]) await session.execute(sql);
    const missing = await findMissing(context, session, others);
    if (missing.length === 0) return;
    const absent = await absentPartners(context, partnersOf(missing));
    // What was missing a moment ago may have come just before its record was read.
    const still = absent.length === 0 ? missing : await findMissing(context, session, others);
    if (still.length > 0) throw waitsFor(database, still, absent);
  } catch (error) {
    throw serverFailure('target', target.access, error);
  } finally {
    await session.close();
  }
}

async function findMissing(context: TaskContext, session: MysqlSession, { views, keys }: NonNullable<Audit['others']>): Promise<Waiting[]> {
  const known = views.map(({ name, settings, sql }): View => ({
    settings: settings.map((setting) => ({ kind: 'session', verb: 'SET', object: '', sql: setting })),
    statement: { kind: 'view', verb: 'CREATE', object: name, sql },
  }));
  return [...(await makeViews(context, session, known)), ...(keys ? await missingParents(session, context.task.database) : [])];
}

interface Refused {
  readonly view: View;
  readonly error: unknown;
}

/**
 * Names of columns may hide which view is below which, so that they are tried until none of them can be made.
 * @param views those below others first
 */
async function makeViews(context: TaskContext, session: MysqlSession, views: readonly View[]): Promise<Waiting[]> {
  const { database } = context.task;
  const made: View[] = [];
  let [before, refused] = [Infinity, await tryAll(session, views, made)];
  while (refused.length > 0 && refused.length < before) {
    before = refused.length;
    refused = await tryAll(session, refused.map(({ view }) => view), made);
  }
  for (const view of made.toReversed()) {
    const error = await refusalOf(session, withOwnDefiner(view));
    if (error !== undefined) throw importFailure(error, { database, sql: view.statement.sql });
  }
  const isForDefiner = refused.some(({ error }) => isDefinerRefusal(error));
  const lacksOthers = refused.some(({ view, error }) => missingOther(error, view.statement.sql, database) !== undefined);
  if (!isForDefiner || lacksOthers) return explained(database, refused);
  const error = await makeOverOthers(context, session, views);
  return error === undefined ? [] : explained(database, refused.map((each) => (isDefinerRefusal(each.error) ? { ...each, error } : each)));
}

/** @param made gets those that were made, in their order */
async function tryAll(session: MysqlSession, views: readonly View[], made: View[]): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const view of views) {
    const error = await refusalOf(session, withImporter(view));
    if (error === undefined) made.push(view);
    else refused.push({ view, error });
  }
  return refused;
}

async function refusalOf(session: MysqlSession, statements: readonly DumpStatement[]): Promise<unknown> {
  try {
    await session.executeAll(statements.map(({ sql }) => sql));
    return undefined;
  } catch (error) {
    if (!(error instanceof BatchError) || errnoOf(error.cause) === undefined) throw error;
    return error.cause;
  }
}

/** @throws FerryError what a view is refused for, when no other database will change it */
function explained(database: string, refused: readonly Refused[]): Waiting[] {
  const waiting = refused.map(({ view, error }) => ({ view, error, needs: missingOther(error, view.statement.sql, database) }));
  const names = refused.map(({ view }) => textOfBytes(view.statement.object));
  const isForOwn = (error: unknown): boolean => {
    const isOfMissing = missingErrors.has(errnoOf(error) ?? 0) && names.some((name) => saysMissing(error, database, name));
    return isOfMissing || isDefinerRefusal(error);
  };
  const isNoneForOthers = waiting.every(({ needs }) => needs === undefined);
  const strange = waiting.find(({ needs, error }) => needs === undefined && (isNoneForOthers || !isForOwn(error)));
  if (strange !== undefined) throw importFailure(strange.error, { database, sql: strange.view.statement.sql });
  return waiting.map(({ view, needs }) => ({ object: `view \`${textOfBytes(view.statement.object)}\``, needs }));
}

/** The server names what it misses; only what the view itself names is meant. @param sql characters are bytes */
function missingOther(error: unknown, sql: string, database: string): OtherObject | undefined {
  const cause = error instanceof BatchError ? error.cause : error;
  const errno = errnoOf(cause) ?? 0;
  if (!missingErrors.has(errno)) return undefined;
  const saysUnknown = (name: string): boolean => messageOf(cause).toLowerCase().includes(`'${name.toLowerCase()}'`);
  return otherObjectsIn(sql, bytesAsText(database))
    .map((other) => ({ database: textOfBytes(other.database), object: textOfBytes(other.object) }))
    .find((other) => (errno === unknownDatabase ? saysUnknown(other.database) : saysMissing(cause, other.database, other.object)));
}

/** `Table 'b.t' doesn't exist`, `FUNCTION b.f does not exist`: in any language, and in whatever case the target keeps names. */
function saysMissing(error: unknown, database: string, object: string): boolean {
  const [said, name] = [` ${messageOf(error)} `.toLowerCase(), `${database}.${object}`.toLowerCase()];
  return said.includes(`'${name}'`) || said.includes(` ${name} `);
}

/** Tables that foreign keys refer to in other databases, and that are not there. */
async function missingParents(session: MysqlSession, database: string): Promise<Waiting[]> {
  const rows = await session.query<{ child: string; parentDatabase: string; parent: string }>(
    `SELECT DISTINCT k.TABLE_NAME AS child, k.REFERENCED_TABLE_SCHEMA AS parentDatabase, k.REFERENCED_TABLE_NAME AS parent
     FROM information_schema.KEY_COLUMN_USAGE k
     LEFT JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = k.REFERENCED_TABLE_SCHEMA AND t.TABLE_NAME = k.REFERENCED_TABLE_NAME
     WHERE k.TABLE_SCHEMA = ${textLiteral(database)} AND k.REFERENCED_TABLE_SCHEMA <> ${textLiteral(database)} AND t.TABLE_NAME IS NULL
     ORDER BY child, parentDatabase, parent`,
  );
  return rows.map(({ child, parentDatabase, parent }) => ({ object: `a foreign key of table \`${child}\``, needs: { database: parentDatabase, object: parent } }));
}

function partnersOf(waiting: readonly Waiting[]): string[] {
  return [...new Set(waiting.flatMap(({ needs }) => (needs === undefined ? [] : [needs.database])))].sort();
}

/** The number comes first, so that a message that is cut short still tells whether something was made since. */
function waitsFor(database: string, waiting: readonly Waiting[], absent: readonly string[]): FerryError {
  const partners = partnersOf(waiting).map((name) => `\`${name}\``).join(', ');
  const needs = waiting.flatMap((each) => (each.needs === undefined ? [] : [`${each.object} needs \`${each.needs.database}\`.\`${each.needs.object}\``]));
  const more = needs.length > shownNeeds ? `; and ${needs.length - shownNeeds} more` : '';
  const [objects, verb] = waiting.length === 1 ? ['1 object', 'waits'] : [`${waiting.length} objects`, 'wait'];
  const because = absent.length === 0 ? '' : ` It waits in vain: ${absent.join('; ')}.`;
  const message = `${objects} of \`${database}\` ${verb} for ${partners}: ${needs.slice(0, shownNeeds).join('; ')}${more}.${because}`;
  return new FerryError('WaitsForDatabase', message, { retryable: absent.length === 0 });
}
