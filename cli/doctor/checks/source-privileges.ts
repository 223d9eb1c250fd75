/** What mysqldump needs of its account (docs/security.md). */
import { serverCheck } from '../check.ts';
import type { Finding } from '../finding.ts';
import { ok, problem, warning } from '../finding.ts';
import { missingPrivileges, versionOf } from '../settings.ts';

const needed = ['SELECT', 'LOCK TABLES', 'SHOW VIEW', 'TRIGGER', 'EVENT'];

export const sourcePrivileges = serverCheck('source', 'source-privileges', (facts) => {
  const findings: Finding[] = [];
  const missing = missingPrivileges(facts, needed);
  const grant = (privileges: readonly string[]): string => `GRANT ${privileges.join(', ')} ON *.* TO ${quotedAccount(facts.account)};`;
  if (missing.length > 0) {
    const what = `The account ${facts.account} lacks ${missing.join(', ')} on *.*`;
    const why = 'Databases for which it lacks one of them fail as DumpFailed or SourcePrivilegeMissing, or are dumped without their views, triggers, routines or events.';
    // Granted database by database it may be enough: which databases are meant is not known here.
    const perDatabase = facts.grants.some(({ on, privileges }) => on !== '*.*' && privileges.some((privilege) => missing.includes(privilege)));
    findings.push(perDatabase ? warning(`${what}; some is granted database by database`, why, `See that each database of the list is covered, or: ${grant(missing)}`) : problem(what, why, grant(missing)));
  }
  const { major } = versionOf(facts);
  const wanted = missingPrivileges(facts, ['PROCESS', 'REPLICATION CLIENT', ...(major >= 8 ? ['SHOW_ROUTINE'] : [])]);
  if (wanted.length > 0) {
    findings.push(warning(`The account ${facts.account} lacks ${wanted.join(', ')}`, describeUse(wanted), grant(wanted)));
  }
  return findings.length > 0 ? findings : [ok(`${facts.account} has what a dump needs`)];
});

function describeUse(missing: readonly string[]): string {
  const uses = [
    missing.includes('PROCESS') ? 'without PROCESS the number of connections is not known' : '',
    missing.includes('REPLICATION CLIENT') ? 'without REPLICATION CLIENT no binary log position is kept with a dump' : '',
    missing.includes('SHOW_ROUTINE') ? 'without SHOW_ROUTINE (or SELECT on all of mysql) bodies of routines of other definers may be left out' : '',
  ].filter((use) => use !== '');
  const text = uses.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** `ferry@10.%` as `'ferry'@'10.%'`. */
export function quotedAccount(account: string): string {
  const at = account.lastIndexOf('@');
  return `'${account.slice(0, at).replaceAll("'", "''")}'@'${account.slice(at + 1)}'`;
}
