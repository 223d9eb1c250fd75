/** What a freeze needs of the account beside what a dump needs (docs/security.md): a problem only where the plan is to freeze. */
import { freezePrivileges } from '../../../core/freeze-privileges.ts';
import type { FreezeMode } from '../../../core/freeze-privileges.ts';
import type { ServerFacts } from '../../../core/server-check.ts';
import { serverCheck } from '../check.ts';
import { ok, problem } from '../finding.ts';
import { missingPrivileges, versionOf } from '../settings.ts';
import { quotedAccount } from './source-privileges.ts';

const grantOption = 'GRANT OPTION';

export const sourceFreeze = serverCheck('source', 'source-freeze', (facts, { freeze }) => {
  const { account } = facts;
  if (freeze === undefined) return [ok(describeModes(facts))];
  const missing = missingFor(facts, freeze);
  const option = freeze === 'lock' ? '--freeze' : '--freeze=revoke';
  if (missing.length === 0) return [ok(`${account} has what ${option} needs`)];
  const why = `With ${option} databases fail before their dump, as SourcePrivilegeMissing or FreezeRefused.`;
  return [problem(`The account ${account} lacks ${missing.join(', ')} on *.*, which ${option} needs`, why, grantOf(missing, account))];
});

function describeModes(facts: ServerFacts): string {
  const missing = missingFor(facts, 'lock');
  if (missing.length > 0) return `${facts.account} lacks ${missing.join(', ')}, which only a run with --freeze needs`;
  if (missingFor(facts, 'revoke').length > 0) return `${facts.account} has what --freeze needs, and not what --freeze=revoke does`;
  return `${facts.account} has what --freeze and --freeze=revoke need`;
}

function missingFor(facts: ServerFacts, mode: FreezeMode): string[] {
  const missing = missingPrivileges(facts, freezePrivileges[mode]).flatMap((privilege) => (privilege === 'SUPER' ? missingToEndSessions(facts) : [privilege]));
  return mode === 'revoke' && !mayGrant(facts) ? [...missing, grantOption] : missing;
}

/** MySQL 8.0 and MariaDB 10.5 have a privilege of its own for it, and call it differently. */
function missingToEndSessions(facts: ServerFacts): string[] {
  const { major, isMariaDb } = versionOf(facts);
  const own = isMariaDb ? 'CONNECTION ADMIN' : 'CONNECTION_ADMIN';
  if (missingPrivileges(facts, [own]).length === 0) return [];
  return [major >= 8 && !isMariaDb ? own : 'SUPER'];
}

/** On a line of dynamic privileges it is the option for these alone. */
function mayGrant({ grants }: ServerFacts): boolean {
  return grants.some(({ on, privileges, grantOption: may }) => on === '*.*' && may === true && privileges.some((privilege) => privilege === 'INSERT' || privilege.startsWith('ALL')));
}

function grantOf(missing: readonly string[], account: string): string {
  const privileges = missing.filter((privilege) => privilege !== grantOption);
  const option = privileges.length < missing.length ? ` WITH ${grantOption}` : '';
  return `GRANT ${privileges.length === 0 ? 'USAGE' : privileges.join(', ')} ON *.* TO ${quotedAccount(account)}${option};`;
}
