/**
 * Reads the lines of SHOW GRANTS as MySQL 5.5 to 9.7 and MariaDB write them. Names are quoted with backticks, with
 * double quotes
 * (sql_mode ANSI_QUOTES), or not at all (sql_quote_show_create=OFF). What identifies an account, such as its hash, is
 * never kept.
 */

/** A privilege, on all columns unless some are named. */
export interface GrantedPrivilege {
  /** In upper case: `LOCK TABLES`. */
  readonly name: string;
  readonly columns?: readonly string[];
}

export type GrantScope =
  | { readonly level: 'global' }
  /** `database` as stored: a pattern, or with `partial_revokes` a name. */
  | { readonly level: 'database'; readonly database: string }
  /** On one table, view or routine, whose names are literal. */
  | { readonly level: 'table' | 'routine'; readonly database: string; readonly object: string };

export interface GrantLine {
  readonly privileges: readonly GrantedPrivilege[];
  readonly scope: GrantScope;
  /** What stands behind ON, without TABLE: `*.*`, `` `shop`.* ``. */
  readonly on: string;
  /** Whether it is an active role of MariaDB that has it, whose lines stand beside those of the account. */
  readonly byRole: boolean;
  readonly grantOption: boolean;
}

export interface ParsedGrants {
  /** As it can be written behind TO: `'ferry'@'10.%'`; '' when no line names it. */
  readonly account: string;
  readonly grants: readonly GrantLine[];
  /** MySQL's partial revokes: what a grant on everything does not hold for. */
  readonly revokes: readonly GrantLine[];
  /** Roles granted to the account, active or not, as they can be written in SET ROLE. */
  readonly roles: readonly string[];
  /** Lines that take something away and are not understood: nothing is sure where there is one. */
  readonly unread: readonly string[];
}

const quotedName = '`(?:[^`]|``)*`|"(?:[^"]|"")*"';
const name = `(?:${quotedName}|[^\\s.\`"'(),@*]+)`;
const accountPart = `(?:${quotedName}|'(?:[^']|'')*'|[^\\s\`"'@,]+)`;
const granteeText = `(${accountPart})(?:@(${accountPart}))?`;
const columnList = `\\((?:[^()\`"]|${quotedName})*\\)`;
const privilegeText = `[A-Za-z_][A-Za-z_ ]*?(?: ?${columnList})?`;

const grantPattern = new RegExp(
  `^(GRANT|REVOKE) (${privilegeText}(?:, ?${privilegeText})*) ON (?:(TABLE|FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE|LIBRARY) )?(?:(\\*)\\.\\*|(${name})\\.(\\*|${name})) (?:TO|FROM) ${granteeText}`,
  'is',
);
const rolesPattern = new RegExp(`^GRANT (${accountPart}(?:@${accountPart})?(?:, ?${accountPart}(?:@${accountPart})?)*) TO ${granteeText}`, 'is');
const privilegePattern = new RegExp(`([A-Za-z_][A-Za-z_ ]*?) ?(${columnList})?(?:, ?|$)`, 'gy');

export function parseGrants(lines: readonly string[]): ParsedGrants {
  const grants: GrantLine[] = [];
  const revokes: GrantLine[] = [];
  const roles: string[] = [];
  const unread: string[] = [];
  let account = '';
  for (const line of lines) {
    const match = grantPattern.exec(line);
    if (match !== null) {
      const found = grantLine(match, line);
      (match[1]?.toUpperCase() === 'REVOKE' ? revokes : grants).push(found);
      if (!found.byRole) account = granteeOf(match[7], match[8]);
      continue;
    }
    const granted = rolesPattern.exec(line);
    if (granted !== null) roles.push(...rolesIn(granted[1] ?? ''));
    else if (/^REVOKE\b/i.test(line)) unread.push(line);
  }
  return { account, grants, revokes, roles, unread };
}

function grantLine(match: RegExpExecArray, line: string): GrantLine {
  const [whole, , privileges = '', kind, everything, database = '', object = '', , host] = match;
  const on = everything === undefined ? `${kind === undefined || /^table$/i.test(kind) ? '' : `${kind.toUpperCase()} `}${database}.${object}` : '*.*';
  return {
    privileges: privilegesIn(privileges),
    scope: everything === undefined ? scopeOf(kind, unquote(database), object) : { level: 'global' },
    on,
    // Every account has a host, and MariaDB's roles have none.
    byRole: host === undefined,
    grantOption: /\bWITH GRANT OPTION\b/i.test(line.slice(whole.length)),
  };
}

function scopeOf(kind: string | undefined, database: string, object: string): GrantScope {
  if (object === '*') return { level: 'database', database };
  return { level: kind === undefined || /^table$/i.test(kind) ? 'table' : 'routine', database, object: unquote(object) };
}

function privilegesIn(text: string): GrantedPrivilege[] {
  return Array.from(text.matchAll(privilegePattern), ([, privilege = '', columns]) => {
    const named = privilege.trim().toUpperCase();
    return columns === undefined ? { name: named } : { name: named, columns: namesIn(columns.slice(1, -1)) };
  });
}

function namesIn(list: string): string[] {
  return Array.from(list.matchAll(new RegExp(name, 'g')), ([each]) => unquote(each));
}

/** MySQL's roles have a host, MariaDB's have none; what the line grants to nobody else is told in its own quotes. */
function rolesIn(list: string): string[] {
  return Array.from(list.matchAll(new RegExp(`${accountPart}(?:@${accountPart})?`, 'g')), ([role]) => role);
}

function granteeOf(user = '', host = ''): string {
  return `${quoted(unquote(user))}@${quoted(unquote(host))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The name within its quotes, if it has any. A backslash in it is the name's own, as SHOW GRANTS writes it. */
function unquote(text: string): string {
  const quote = text.charAt(0);
  if (!/[`"']/.test(quote) || text.length < 2) return text;
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
