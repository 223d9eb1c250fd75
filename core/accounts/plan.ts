/** What `--accounts` would make, told from the source alone: nothing is done, and no hash is in it. */
import { chooseAccounts } from './choose-accounts.ts';
import type { ChosenAccount, SourceAccounts } from './choose-accounts.ts';
import type { AccountFilter } from './account-filter.ts';
import { NameIndex } from './name-patterns.ts';
import type { AccountEntry } from './report.ts';
import { authenticationOf, planAccount, planObject, privilegeText } from './statements.ts';

/** Every plugin that a target may have: what this very target lacks is seen when the account is made. */
const knownPlugins: ReadonlySet<string> = new Set(['mysql_native_password', 'sha256_password', 'caching_sha2_password']);

/** As the report will have it, where the target takes all of it: `created`, `locked` or `left-out`, each to be. */
export function planAccounts(
  source: SourceAccounts,
  databases: readonly string[],
  ignoreCase: boolean,
  filter: AccountFilter,
): AccountEntry[] {
  return chooseAccounts(source, new NameIndex(databases, ignoreCase), filter).map((chosen) => planEntry(chosen, source.namesAreLiteral));
}

function planEntry(chosen: ChosenAccount, sourceIsLiteral: boolean): AccountEntry {
  const { account, leftOut, leftOutGrants } = chosen;
  const named = { user: account.user, host: account.host, plugin: account.plugin };
  if (leftOut !== undefined) {
    return { ...named, outcome: 'left-out', reason: leftOut, granted: [], leftOut: [...leftOutGrants], wildcards: [] };
  }
  const authentication = authenticationOf(account, knownPlugins);
  const locked = authentication.hash === undefined ? authentication.reason : authentication.locked ? ('locked-on-source' as const) : undefined;
  const plans = [...planAccount(chosen, sourceIsLiteral, false), ...chosen.objects.map(planObject)];
  return {
    ...named,
    ...(locked === undefined ? { outcome: 'created' as const } : { outcome: 'locked' as const, reason: locked }),
    granted: plans.map(({ on, privileges, grantOption }) => ({ on, privileges: privileges.map(privilegeText), grantOption })),
    leftOut: [...leftOutGrants],
    wildcards: chosen.databases.filter(({ isWildcard }) => isWildcard).map(({ database, reaches }) => ({ pattern: database, databases: [...reaches], carried: 'as-written' as const })),
  };
}
