/** Why views cannot be opened. The server is asked about those alone that it has said something of. */
import { errnoOf, messageOf } from '../mysql-failures.ts';
import { quoteIdentifier } from '../names.ts';
import { HeldPrivileges, unknownRules } from '../privileges/held.ts';
import { parseGrants } from '../privileges/parse-grants.ts';
import { textLiteral } from '../sql-text.ts';
import type { Query, ViewFacts, ViewFault } from './facts.ts';

/** ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_PROCACCESS_DENIED_ERROR. */
const accessDenied = new Set([1044, 1142, 1143, 1370]);
const viewInvalid = 1356;
const noSuchUser = 1449;

/**
 * Which of the tables that the server cannot open are views: it calls a view whose text it cannot parse a table
 * without an engine.
 * SHOW FULL TABLES looks at the kind of the file and not further.
 */
export async function findBrokenViews(query: Query, database: string, closed: readonly string[]): Promise<ReadonlySet<string>> {
  if (closed.length === 0) return new Set();
  const rows = await query<Record<string, string>>(`SHOW FULL TABLES FROM ${quoteIdentifier(database)} WHERE Table_type = 'VIEW'`);
  const views = new Set(rows.flatMap((row) => Object.values(row).slice(0, 1)));
  return new Set(closed.filter((name) => views.has(name)));
}

/** The views with what is wrong with each, as far as the server tells. */
export async function examineViews(query: Query, database: string, views: readonly ViewFacts[]): Promise<ViewFacts[]> {
  const examined: ViewFacts[] = [];
  for (const view of views) {
    if (view.flaw === undefined) {
      examined.push(view);
      continue;
    }
    const fault = await examine(query, database, view);
    examined.push(fault === undefined ? view : { ...view, fault });
  }
  return examined;
}

/** By the number of the error, because its text is in the language of the server. */
async function examine(query: Query, database: string, { name, definition }: ViewFacts): Promise<ViewFault | undefined> {
  const view = `${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
  const error = (await refusal(() => query(`SHOW CREATE VIEW ${view}`))) ?? (await refusal(() => query(`SHOW COLUMNS FROM ${view}`)));
  if (error === undefined) return undefined;
  const errno = errnoOf(error) ?? 0;
  const message = messageOf(error);
  if (errno === noSuchUser) return undefined;
  if (accessDenied.has(errno)) return { kind: 'denied', message, ...(errno === 1370 ? { routine: lastQuoted(message) } : {}) };
  if (errno !== viewInvalid) return { kind: 'unparsable', message };
  return { kind: 'invalid', message, absent: await findAbsent(query, database, definition) };
}

async function refusal(ask: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return error instanceof Error ? error : undefined;
  }
}

/** `execute command denied to user 'ferry'@'%' for routine 'shop.total'`: in every language the routine comes last. */
function lastQuoted(message: string): string {
  return /'([^']*)'[^']*$/.exec(message)?.[1] ?? '';
}

interface Named {
  readonly kind: 'table' | 'function';
  readonly database: string;
  readonly name: string;
}

/** What the view names and this account does not find: it is gone, or not shown to it. */
async function findAbsent(query: Query, database: string, definition: string): Promise<NonNullable<ViewFault['absent']>> {
  const named = namedIn(definition, database);
  if (named.length === 0) return [];
  const queries = named.map(({ kind, database: schema, name }, index) =>
    kind === 'table'
      ? `SELECT ${index} AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(schema)} AND TABLE_NAME = ${textLiteral(name)}`
      : `SELECT ${index} AS n FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${textLiteral(schema)} AND ROUTINE_NAME = ${textLiteral(name)} AND ROUTINE_TYPE = 'FUNCTION'`,
  );
  const found = new Set((await query<{ n: string | number }>(queries.join(' UNION ALL '))).map(({ n }) => Number(n)));
  return named.filter((_, index) => !found.has(index));
}

/** What grants say nothing of. */
const everybodys = new Set(['information_schema', 'performance_schema']);

/**
 * What the definers of views lack by their grants, where this account may read them. A view runs with its definer's
 * rights, and a
 * server says nothing of them before the view is used. Definers with roles are left out: which of them hold is not
 * told.
 */
export async function readDefinerRights(query: Query, database: string, views: readonly (ViewFacts & { readonly security: string })[]): Promise<ViewFacts[]> {
  const known = new Map<string, HeldPrivileges | undefined>();
  const found: ViewFacts[] = [];
  for (const { security, ...view } of views) {
    if (security === 'DEFINER' && view.flaw === undefined && !known.has(view.definer)) known.set(view.definer, await readHeld(query, view.definer));
    const held = security === 'DEFINER' ? known.get(view.definer) : undefined;
    const lacks = held === undefined || view.flaw !== undefined ? [] : namedIn(view.definition, database).filter((named) => !mayUse(held, named));
    found.push(lacks.length === 0 ? view : { ...view, definerLacks: lacks.map((named) => `${named.kind === 'table' ? 'SELECT' : 'EXECUTE'} on \`${named.database}\`.\`${named.name}\``) });
  }
  return found;
}

async function readHeld(query: Query, definer: string): Promise<HeldPrivileges | undefined> {
  const at = definer.lastIndexOf('@');
  const [user, host] = [definer.slice(0, at), definer.slice(at + 1)];
  const lines = await query<Record<string, string>>(`SHOW GRANTS FOR ${textLiteral(user)}@${textLiteral(host)}`).catch((error: unknown) => {
    // The account may not ask, or there is no such definer, which is a finding of its own.
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  });
  if (lines === undefined) return undefined;
  const parsed = parseGrants(lines.flatMap((row) => Object.values(row)));
  return parsed.roles.length > 0 ? undefined : new HeldPrivileges(parsed, { ...unknownRules, ignoreCase: true });
}

/** Any grant that may reach it is believed. */
function mayUse(held: HeldPrivileges, { kind, database, name }: Named): boolean {
  if (everybodys.has(database.toLowerCase())) return true;
  if (kind === 'function') return held.maybeOnDatabase('EXECUTE', database) || held.onRoutine('EXECUTE', database, name);
  return held.maybeOnDatabase('SELECT', database) || held.onTable('SELECT', database, name) || held.onPartsOf('SELECT', database);
}

const quoted = '`((?:[^`]|``)*)`';
const tablePattern = new RegExp(`\\b(?:from|join)[\\s(]+${quoted}\\.${quoted}`, 'gi');
/** Only names of stored functions are quoted. */
const functionPattern = new RegExp(`(?:${quoted}\\.)?${quoted}\\(`, 'g');

/** As servers print views: names with their databases, every one quoted. */
function namedIn(definition: string, database: string): Named[] {
  const text = definition.replaceAll(/'(?:[^'\\]|\\[\s\S]|'')*'/g, "''");
  const tables = Array.from(text.matchAll(tablePattern), ([, schema = '', name = '']): Named => ({ kind: 'table', database: unquote(schema), name: unquote(name) }));
  const functions = Array.from(text.matchAll(functionPattern), ([, schema, name = '']): Named => ({ kind: 'function', database: schema === undefined ? database : unquote(schema), name: unquote(name) }));
  const all = [...tables, ...functions];
  return all.filter((each, index) => all.findIndex((other) => other.kind === each.kind && other.database === each.database && other.name === each.name) === index);
}

function unquote(name: string): string {
  return name.replaceAll('``', '`');
}
