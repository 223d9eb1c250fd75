/** What a migration did with the accounts of its databases, and what is left to do by hand. */
import type { AccountEntry, AccountsReport, LeftOutGrant } from '../../core/accounts/report.ts';
import { describeAccount } from '../../core/accounts/grants.ts';
import { formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd, printable, textWidth, wrap } from '../terminal/text.ts';

export interface AccountsLayout {
  readonly width: number;
  readonly style: Style;
}

type Outcome = AccountEntry['outcome'];
type Reason = NonNullable<AccountEntry['reason']>;

const titles: Readonly<Record<Outcome, string>> = {
  created: 'created, with their passwords',
  locked: 'created locked: nobody can log in with them yet',
  matched: 'there already with the same password: grants were added',
  exists: 'there already, and other ones: left alone, without grants',
  'left-out': 'left out',
};

const remedies: Readonly<Record<Exclude<Outcome, 'created' | 'matched' | 'left-out'>, string>> = {
  locked: "ALTER USER … IDENTIFIED BY '…' ACCOUNT UNLOCK on the target, for each that is to log in; their grants are there.",
  exists: 'Compare each with the source, and grant what it is to have by hand.',
};

/** Why, in words; `docs/accounts.md` says more of each. */
export const reasons: Readonly<Record<Reason, string>> = {
  administrator: 'administers the server: name it with --include if it is to be moved',
  anonymous: 'anonymous user: give its clients an account with a name',
  'by-role': 'reaches the databases only through a role: grant the role, or its privileges, by hand',
  'empty-password': 'has no password on the source',
  excluded: 'excluded with --exclude',
  ferry: "Ferry's own account",
  'not-included': 'not among those of --include',
  'hash-refused': 'the target refused its password hash',
  'locked-on-source': 'is locked on the source too, as roles are: set no password unless it is to log in',
  'old-password': 'its password is stored as MySQL before 4.1 did',
  plugin: 'the target cannot use its authentication plugin',
  refused: 'the target refused to create it',
  role: 'role of MariaDB: create it by hand, and grant it',
};

const grantReasons: Readonly<Record<LeftOutGrant['reason'], string>> = {
  dynamic: 'dynamic privilege: it administers the server',
  'partial-revokes': 'is revoked in part on the source: grant it by database',
  proxy: 'may stand for another account: grant by hand',
  refused: 'refused by the target',
  role: 'role: grant by hand',
};

const plannedTitles: Readonly<Partial<Record<Outcome, string>>> = {
  created: 'would be made, with their passwords',
  locked: 'would be made locked: nobody could log in with them',
  'left-out': 'would be left out',
};

/** What would be done, with every grant; what the target has already is not known. */
export function renderAccountPlan(entries: readonly AccountEntry[], databases: number, layout: AccountsLayout): string[] {
  const { style, width } = layout;
  const head = style.bold(`${formatPlural(entries.length, 'account')} of the source reach ${formatPlural(databases, 'database')}`);
  const groups = (Object.keys(plannedTitles) as Outcome[]).flatMap((outcome) => {
    const those = entries.filter((entry) => entry.outcome === outcome);
    const rows = those.flatMap((entry) => {
      const grants = entry.granted.map(({ on, privileges, grantOption }) => `${privileges.length === 0 ? 'USAGE' : privileges.join(', ')} ON ${on}${grantOption ? ' WITH GRANT OPTION' : ''}`);
      const why = entry.reason === undefined ? [] : [reasons[entry.reason]];
      return [...why, ...grants].map((text, index) => [index === 0 ? describeAccount(entry) : '', text] as const);
    });
    return those.length === 0 ? [] : ['', style.bold(`${those.length} ${plannedTitles[outcome] ?? outcome}`), ...renderRows(rows, layout)];
  });
  const rest = ['', ...wrap('Nothing was done. An account that the target has already keeps what it has; a grant that the target refuses, a plugin that it lacks are seen when it is made.', width - 1)];
  return [...wrap(head, width - 1), ...groups, ...renderLeftOut(entries, layout), ...renderWildcards(entries, layout), ...rest];
}

export function renderAccounts(report: AccountsReport, layout: AccountsLayout): string[] {
  const { style, width } = layout;
  const head = style.bold(`${formatPlural(report.accounts.length, 'account')} of the migration ${report.migration}, ${report.updatedAt}`);
  const groups = (Object.keys(titles) as Outcome[]).flatMap((outcome) => renderGroup(outcome, report.accounts.filter((entry) => entry.outcome === outcome), layout));
  return [...wrap(head, width - 1), ...groups, ...renderLeftOut(report.accounts, layout), ...renderWildcards(report.accounts, layout)];
}

function renderGroup(outcome: Outcome, entries: readonly AccountEntry[], layout: AccountsLayout): string[] {
  if (entries.length === 0) return [];
  const rows = entries.map((entry) => [describeAccount(entry), describeEntry(entry)] as const);
  const remedy = outcome === 'locked' || outcome === 'exists' ? hanging('  ', layout.style.yellow('Remedy: '), remedies[outcome], 'Remedy: '.length, layout) : [];
  return ['', layout.style.bold(`${entries.length} ${titles[outcome]}`), ...renderRows(rows, layout), ...remedy];
}

function describeEntry({ outcome, reason, plugin, errno, granted }: AccountEntry): string {
  const why = reason === undefined ? '' : `${reasons[reason]}${reason === 'plugin' ? ` ${plugin}` : ''}${errno === undefined ? '' : ` (MySQL error ${errno})`}`;
  const what = outcome === 'exists' || outcome === 'left-out' ? '' : formatPlural(granted.length, 'grant');
  return [what, why].filter((text) => text !== '').join('; ');
}

/** Privileges that share account, object and reason are one row. */
function renderLeftOut(entries: readonly AccountEntry[], layout: AccountsLayout): string[] {
  const rows = entries.flatMap((entry) => {
    const groups = Map.groupBy(entry.leftOut, ({ on, reason, errno }) => `${on === '' ? '' : ` ON ${on}`}: ${grantReasons[reason]}${errno === undefined ? '' : ` (MySQL error ${errno})`}`);
    return Array.from(groups, ([rest, privileges]) => [describeAccount(entry), privileges.map(({ privilege }) => privilege).join(', ') + rest] as const);
  });
  const count = entries.reduce((sum, { leftOut }) => sum + leftOut.length, 0);
  return count === 0 ? [] : ['', layout.style.bold(`${formatPlural(count, 'privilege')} not granted`), ...renderRows(rows, layout)];
}

function renderWildcards(entries: readonly AccountEntry[], layout: AccountsLayout): string[] {
  const rows = entries.flatMap((entry) =>
    entry.wildcards.map(({ pattern, databases, carried }) => {
      const how = carried === 'expanded' ? `granted on ${formatPlural(databases.length, 'moved database')}, and on none to come` : 'granted as written: reaches databases to come';
      return [describeAccount(entry), `${pattern}: ${how}`] as const;
    }),
  );
  return rows.length === 0 ? [] : ['', layout.style.bold(`${formatPlural(rows.length, 'grant')} with wildcards`), ...renderRows(rows, layout)];
}

function renderRows(rows: readonly (readonly [string, string])[], layout: AccountsLayout): string[] {
  const left = Math.min(40, Math.max(...rows.map(([name]) => textWidth(printable(name)))));
  return rows.flatMap(([name, text]) => hanging('  ', `${padEnd(printable(name), left)}  `, printable(text), left + 2, layout));
}

function hanging(indent: string, label: string, text: string, labelWidth: number, { width }: AccountsLayout): string[] {
  const [first = '', ...others] = wrap(text, Math.max(20, width - indent.length - labelWidth - 1));
  return [`${indent}${label}${first}`.trimEnd(), ...others.map((line) => indent + ' '.repeat(labelWidth) + line)];
}
