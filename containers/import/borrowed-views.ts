/**
 * Views over views of other databases whose definers the target does not have. The server looks through a view with the rights of its
 * definer, so that nothing can be made over one whose definer is not there (error 1045, or 1449). Within its own database an
 * import makes all views with itself as their definer first, and gives them their own at the end; here the views below, of other databases
 * of the migration, are made anew in the same way, in one round trip that leaves them as they were.
 */
import { FerryError } from '../../core/errors.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { otherObjectsIn } from '../../core/objects/other-databases.ts';
import { nameIn, tokensOf } from '../../core/sql-tokens.ts';
import { BatchError, bytesAsText, textOfBytes } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';
import { lockDatabase } from './ownership.ts';
import { isInMigration } from './partners.ts';
import { withImporter, withOwnDefiner } from './view-order.ts';
import type { View } from './view-order.ts';

const definerRefusals = new Set([1045, 1449]);
/** What is named is no view, or is not there. */
const notThere = new Set([1049, 1146, 1347]);
/** The server has found that two sessions wait for each other's lock. */
const lockDeadlock = 3058;

export function isDefinerRefusal(error: unknown): boolean {
  return definerRefusals.has(errnoOf(error instanceof BatchError ? error.cause : error) ?? 0);
}

/** A view of this database, or of another one, whose statement names it with its database. */
interface Node {
  readonly view: View;
  /** Undefined for the import's own. Characters are bytes. */
  readonly database: string | undefined;
}

/**
 * @param views all of the database
 * @returns undefined when all of them are there; else what one of them, or one below, is refused for
 * @throws FerryError WaitsForDatabase while another database is at work
 */
export async function makeOverOthers(context: TaskContext, session: MysqlSession, views: readonly View[]): Promise<unknown> {
  const { database } = context.task;
  const nodes = await nodesFromBelow(session, database, views);
  const others = nodes.filter((node) => node.database !== undefined);
  const databases = [...new Set(others.map((node) => textOfBytes(node.database ?? '')))].sort();
  for (const name of databases) if (!(await isInMigration(context, name))) return new FerryError('ImportRejected', strange(database, name));
  try {
    for (const name of databases) await lock(session, database, name);
    return await remake(session, database, nodes, others);
  } finally {
    await session.execute('DO RELEASE_ALL_LOCKS()');
  }
}

async function remake(session: MysqlSession, database: string, nodes: readonly Node[], others: readonly Node[]): Promise<unknown> {
  await session.execute(`USE ${quoteIdentifier(database)}`);
  const owned = (which: readonly Node[]): string[] => which.toReversed().flatMap(({ view }) => withOwnDefiner(view).map(({ sql }) => sql));
  try {
    await session.executeAll([...nodes.flatMap(({ view }) => withImporter(view).map(({ sql }) => sql)), ...owned(nodes)]);
    return undefined;
  } catch (error) {
    if (!(error instanceof BatchError) || errnoOf(error.cause) === undefined) throw error;
    for (const sql of owned(others)) await session.executeBytes(sql);
    return error.cause;
  }
}

async function lock(session: MysqlSession, database: string, other: string): Promise<void> {
  try {
    await lockDatabase(session, other);
  } catch (error) {
    if (errnoOf(error) !== lockDeadlock && !(error instanceof FerryError)) throw error;
    const message = `Views of \`${database}\` wait for \`${other}\`: they are over views of it whose definers are not on the target, and it is at work.`;
    throw new FerryError('WaitsForDatabase', message, { cause: error });
  }
}

function strange(database: string, other: string): string {
  return `A view of \`${database}\` is over one of \`${other}\`, whose definer is not on the target, and \`${other}\` is not in this migration: the target lets nothing be made over it. Make that account on the target.`;
}

async function nodesFromBelow(session: MysqlSession, database: string, views: readonly View[]): Promise<Node[]> {
  const own = new Map(views.map((view) => [view.statement.object, view]));
  const ordered: Node[] = [];
  const seen = new Set<string>();
  const visit = async (owner: string, name: string): Promise<void> => {
    if (seen.has(`${owner}\0${name}`)) return;
    seen.add(`${owner}\0${name}`);
    const isOwn = owner === bytesAsText(database);
    const view = isOwn ? own.get(name) : await readView(session, owner, name);
    if (view === undefined) return;
    const { sql } = view.statement;
    // A name that is only a column's may be taken for a view's, which does no harm.
    const named = isOwn ? [...tokensOf(sql)].filter(({ kind }) => kind === 'identifier').map(nameIn) : [];
    for (const each of named) if (own.has(each)) await visit(owner, each);
    for (const other of otherObjectsIn(sql, isOwn ? owner : '')) await visit(other.database, other.object);
    ordered.push({ view, database: isOwn ? undefined : owner });
  };
  await session.execute('USE information_schema');
  await session.execute("SET SESSION character_set_results = 'binary'");
  for (const { statement } of views) await visit(bytesAsText(database), statement.object);
  await session.execute("SET SESSION character_set_results = 'utf8mb4'");
  return ordered;
}

/** As bytes, in the character set of whoever made it; every name has its database, because another one is in use. */
async function readView(session: MysqlSession, database: string, name: string): Promise<View | undefined> {
  const [row] = await session.queryBytes(`SHOW CREATE VIEW ${quoteIdentifier(database)}.${quoteIdentifier(name)}`).catch((error: unknown) => {
    if (notThere.has(errnoOf(error) ?? 0)) return [];
    throw error;
  });
  const [, sql, characterSet, collation] = row?.map((value) => value?.toString('latin1') ?? '') ?? [];
  if (sql === undefined) return undefined;
  const setting = `SET character_set_client = ${characterSet ?? ''}, collation_connection = ${collation ?? ''}`;
  return { statement: { kind: 'view', verb: 'CREATE', object: name, sql }, settings: [{ kind: 'session', verb: 'SET', object: '', sql: setting }] };
}
