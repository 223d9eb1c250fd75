/**
 * Views that cannot be made in the order of the dump. mysqldump makes them by name, each over stand-ins of those to come.
 * A stand-in is of constants, which no CHECK OPTION (error 1368) and not every function takes. And nothing can be made over
 * a view whose definer the target does not have: the server looks through it with the rights of an account that is not
 * there (error 1449, or 1045 for want of SUPER). So all views are made with the importing account as their definer, those
 * below others first, and then given their own, those over others first.
 */
import { firstTokens, nameIn, tokensOf } from '../../core/sql-tokens.ts';
import type { DumpStatement } from './statement-kinds.ts';

export interface View {
  readonly statement: DumpStatement;
  /** Character set and collation under which its text is read. */
  readonly settings: readonly DumpStatement[];
}

/** Statements that make all views of a schema anew, whatever is there of them. */
export function remadeViews(schema: readonly DumpStatement[]): DumpStatement[] {
  const views = viewsOf(schema);
  const placeholders = views.filter(({ statement }) => !hasDefiner(statement));
  const fromBelow = inOrder(views.filter(({ statement }) => hasDefiner(statement)));
  return [
    ...placeholders.flatMap((view) => withOwnDefiner(view)),
    ...fromBelow.flatMap((view) => withImporter(view)),
    ...fromBelow.toReversed().flatMap((view) => withOwnDefiner(view)),
  ];
}

/** The views of a schema without the stand-ins for them, those below others first. */
export function viewsFromBelow(schema: readonly DumpStatement[]): View[] {
  return inOrder([...new Map(viewsOf(schema).map((view) => [view.statement.object, view])).values()]);
}

/** Statements that make a view with the importing account as its definer. */
export function withImporter(view: View): DumpStatement[] {
  return remade(view, byImporter);
}

/** Statements that make a view as the dump has it. */
export function withOwnDefiner(view: View): DumpStatement[] {
  return remade(view, (sql) => sql);
}

function remade({ settings, statement }: View, change: (sql: string) => string): DumpStatement[] {
  return [...settings, { ...statement, sql: replacing(change(statement.sql)) }];
}

function viewsOf(schema: readonly DumpStatement[]): View[] {
  const views: View[] = [];
  let settings: DumpStatement[] = [];
  for (const statement of schema) {
    if (statement.kind === 'session') settings.push(statement);
    else {
      if (statement.kind === 'view' && statement.verb === 'CREATE') views.push({ statement, settings });
      settings = [];
    }
  }
  return views;
}

/** mysqldump makes each view twice: first without one, as a stand-in for the views over it. */
function hasDefiner({ sql }: DumpStatement): boolean {
  return definerOf(sql) !== undefined;
}

function byImporter(sql: string): string {
  const [start, end] = definerOf(sql) ?? [];
  return start === undefined ? sql : `${sql.slice(0, start)}CURRENT_USER${sql.slice(end)}`;
}

/** Where `user`@`host` stands. */
function definerOf(sql: string): [start: number, end: number] | undefined {
  const tokens = firstTokens(sql, 24);
  const at = tokens.findIndex(({ kind, upper }, index) => kind === 'word' && upper === 'DEFINER' && tokens[index + 1]?.text === '=');
  const [user, , host] = tokens.slice(at + 2, at + 5);
  return at < 0 || user === undefined || host === undefined ? undefined : [user.start, host.end];
}

function replacing(sql: string): string {
  return sql.replace(/\bCREATE\b(?!\s+OR\b)/i, 'CREATE OR REPLACE');
}

/** Those that others name before the others: a name that is only a column's may be taken for a view's, which does no harm. */
function inOrder(views: readonly View[]): View[] {
  const byName = new Map(views.map((view) => [view.statement.object, view]));
  const ordered: View[] = [];
  const seen = new Set<View>();
  const visit = (view: View): void => {
    if (seen.has(view)) return;
    seen.add(view);
    for (const token of tokensOf(view.statement.sql)) {
      const named = token.kind === 'identifier' ? byName.get(nameIn(token)) : undefined;
      if (named !== undefined) visit(named);
    }
    ordered.push(view);
  };
  for (const view of views) visit(view);
  return ordered;
}
