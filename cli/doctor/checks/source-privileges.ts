/** What mysqldump needs of its account (docs/security.md). */
import { databasePrivileges } from '../../../core/privileges/needed.ts';
import type { ServerFacts } from '../../../core/server-check.ts';
import { serverCheck } from '../check.ts';
import type { Finding } from '../finding.ts';
import { ok, problem, warning } from '../finding.ts';
import { missingPrivileges, versionOf } from '../settings.ts';

export const sourcePrivileges = serverCheck('source', 'source-privileges', (facts) => {
  const findings: Finding[] = [];
  const { major, isMariaDb } = versionOf(facts);
  // Since MySQL 8.0 the columns of a view are shown without it.
  const needed = databasePrivileges.filter((privilege) => privilege !== 'EXECUTE' || major < 8 || isMariaDb);
  const missing = missingPrivileges(facts, needed);
  const grant = (privileges: readonly string[]): string => `GRANT ${privileges.join(', ')} ON *.* TO ${quotedAccount(facts.account)};`;
  if (missing.length > 0) {
    const what = `The account ${facts.account} lacks ${missing.join(', ')} on *.*`;
    const why = 'Databases of which it cannot see all fail before their dump, as SourcePrivilegeMissing.';
    const roles = facts.roles.length === 0 ? '' : ` Its roles (${facts.roles.join(', ')}) count only where they are active by default: SET DEFAULT ROLE.`;
    // Granted database by database it may be enough: which databases are meant is not known here.
    const perDatabase = facts.grants.some(({ on, privileges }) => on !== '*.*' && privileges.some((privilege) => missing.includes(privilege)));
    const remedy = `${grant(missing)}${roles}`;
    findings.push(perDatabase ? warning(`${what}; some is granted database by database`, why, `See with \`ferry assess\` that each database of the list is covered, or: ${remedy}`) : problem(what, why, remedy));
  }
  const seesRoutines = isMariaDb || major < 8 || isGranted(facts, 'SELECT');
  const wanted = missingPrivileges(facts, ['PROCESS', replicationClient(facts), ...(seesRoutines ? [] : ['SHOW_ROUTINE'])]);
  if (wanted.length > 0) {
    findings.push(warning(`The account ${facts.account} lacks ${wanted.join(', ')}`, describeUse(wanted), grant(wanted)));
  }
  return findings.length > 0 ? findings : [ok(`${facts.account} has what a dump needs`)];
});

/** For a privilege that is not asked of one database, what was revoked in part does not count. */
function isGranted({ grants }: ServerFacts, privilege: string): boolean {
  return grants.some(({ on, privileges }) => on === '*.*' && (privileges.includes(privilege) || privileges.includes('ALL PRIVILEGES')));
}

/** MariaDB since 10.5 shows it under another name. */
function replicationClient({ grants }: ServerFacts): string {
  return grants.some(({ privileges }) => privileges.includes('BINLOG MONITOR')) ? 'BINLOG MONITOR' : 'REPLICATION CLIENT';
}

function describeUse(missing: readonly string[]): string {
  const uses = [
    missing.includes('PROCESS') ? 'without PROCESS the number of connections is not known' : '',
    missing.includes('REPLICATION CLIENT') ? 'without REPLICATION CLIENT no binary log position is kept with a dump' : '',
    missing.includes('SHOW_ROUTINE') ? 'without SHOW_ROUTINE (or SELECT on *.*) databases with routines of other definers fail as SourcePrivilegeMissing' : '',
  ].filter((use) => use !== '');
  const text = uses.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** `ferry@10.%` as `'ferry'@'10.%'`. */
export function quotedAccount(account: string): string {
  const at = account.lastIndexOf('@');
  return `'${account.slice(0, at).replaceAll("'", "''")}'@'${account.slice(at + 1)}'`;
}
