/** Which accounts of the source concern the databases that are moved, and by which of their grants. */
import { accountKey, describeAccount, type DatabaseGrant, type ObjectGrant } from './grants.ts';
import { hasWildcard, type NameIndex, unescapeName } from './name-patterns.ts';
import { reachesData, type PrivilegeSet } from './privileges.ts';
import type { LeftOutGrant, LeftOutReason } from './report.ts';
import type { AccountName, SourceAccount } from './source-account.ts';

/** Everything that the source says about its accounts; maps are by `accountKey`. */
export interface SourceAccounts {
  readonly accounts: readonly SourceAccount[];
  readonly databaseGrants: ReadonlyMap<string, readonly DatabaseGrant[]>;
  readonly objectGrants: ReadonlyMap<string, readonly ObjectGrant[]>;
  /** What else an account has, which is not carried: dynamic privileges, roles, accounts that it may be a proxy of. */
  readonly dynamicPrivileges: ReadonlyMap<string, readonly string[]>;
  readonly roles: ReadonlyMap<string, readonly AccountName[]>;
  readonly proxied: ReadonlyMap<string, readonly AccountName[]>;
  /** Whether database names in grants are literal (`partial_revokes`). */
  readonly namesAreLiteral: boolean;
  /** The account that Ferry itself uses. */
  readonly ferry: AccountName;
}

/** A grant at the database level, and the moved databases that it reaches. */
export interface ReachingGrant extends DatabaseGrant {
  readonly reaches: readonly string[];
  readonly isWildcard: boolean;
}

export interface ChosenAccount {
  readonly account: SourceAccount;
  /** Undefined where it has none over data, or where they are left out. */
  readonly global: PrivilegeSet | undefined;
  readonly databases: readonly ReachingGrant[];
  readonly objects: readonly ObjectGrant[];
  /** Set for an account that is reported and not made. */
  readonly leftOut: LeftOutReason | undefined;
  readonly leftOutGrants: readonly LeftOutGrant[];
}

/**
 * Accounts of servers and services, which are never moved. Sources: MySQL Reference Manual, "Reserved Accounts"; MariaDB
 * Knowledge Base, "mariadb.sys"; Amazon Aurora User Guide, "Master user account privileges"; Debian's mysql-server package.
 */
export const systemUsers = /^(mysql\.(sys|session|infoschema)|mariadb\.sys|PUBLIC|rds(admin|repladmin|topmgr|proxyadmin)|rds_superuser_role|AWS_[A-Z_]+_ACCESS|debian-sys-maint)$/;

/** @param moved the databases of the pass */
export function chooseAccounts(source: SourceAccounts, moved: NameIndex): ChosenAccount[] {
  const reached = source.accounts.filter(({ user }) => !systemUsers.test(user)).map((account) => ({ account, ...reachOf(source, account, moved) }));
  const reaching = new Set(reached.filter(reachesAny).map(({ account }) => accountKey(account)));
  return reached.flatMap((each) => {
    if (reachesAny(each)) return [chooseReaching(source, each)];
    return hasReachingRole(source, each.account, reaching) ? [chooseByRole(source, each.account)] : [];
  });
}

interface Reach {
  readonly hasGlobal: boolean;
  readonly databases: readonly ReachingGrant[];
  readonly objects: readonly ObjectGrant[];
}

function reachOf(source: SourceAccounts, account: SourceAccount, moved: NameIndex): Reach {
  const key = accountKey(account);
  return {
    hasGlobal: reachesData(account.global),
    databases: (source.databaseGrants.get(key) ?? []).map((grant) => reach(grant, moved, source.namesAreLiteral)).filter(({ reaches }) => reaches.length > 0),
    objects: (source.objectGrants.get(key) ?? []).filter(({ database }) => moved.find(database) !== undefined),
  };
}

function reachesAny({ hasGlobal, databases, objects }: Reach): boolean {
  return hasGlobal || databases.length > 0 || objects.length > 0;
}

/** Roles may have roles. */
function hasReachingRole(source: SourceAccounts, account: AccountName, reaching: ReadonlySet<string>, seen = new Set<string>()): boolean {
  return (source.roles.get(accountKey(account)) ?? []).some((role) => {
    const key = accountKey(role);
    if (seen.has(key)) return false;
    seen.add(key);
    return reaching.has(key) || hasReachingRole(source, role, reaching, seen);
  });
}

function reach(grant: DatabaseGrant, moved: NameIndex, namesAreLiteral: boolean): ReachingGrant {
  const isWildcard = !namesAreLiteral && hasWildcard(grant.database);
  if (isWildcard) return { ...grant, isWildcard, reaches: moved.matching(grant.database) };
  const name = moved.find(namesAreLiteral ? grant.database : unescapeName(grant.database));
  return { ...grant, isWildcard, reaches: name === undefined ? [] : [name] };
}

function chooseReaching(source: SourceAccounts, { account, hasGlobal, databases, objects }: Reach & { readonly account: SourceAccount }): ChosenAccount {
  const isRevokedInPart = hasGlobal && account.hasPartialRevokes;
  return {
    account,
    global: hasGlobal && !isRevokedInPart ? account.global : undefined,
    databases,
    objects,
    leftOut: reasonFor(account, source.ferry),
    leftOutGrants: leftOutGrants(source, account, isRevokedInPart),
  };
}

function chooseByRole(source: SourceAccounts, account: SourceAccount): ChosenAccount {
  return { account, global: undefined, databases: [], objects: [], leftOut: 'by-role', leftOutGrants: leftOutRoles(source, account) };
}

function reasonFor(account: SourceAccount, ferry: AccountName): LeftOutReason | undefined {
  if (account.isRole) return 'role';
  if (account.user === '') return 'anonymous';
  return accountKey(account) === accountKey(ferry) ? 'ferry' : undefined;
}

function leftOutGrants(source: SourceAccounts, account: SourceAccount, isRevokedInPart: boolean): LeftOutGrant[] {
  const key = accountKey(account);
  const partly = isRevokedInPart ? account.global.privileges : [];
  return [
    ...partly.map((privilege) => ({ privilege, on: '*.*', reason: 'partial-revokes' as const })),
    ...(source.dynamicPrivileges.get(key) ?? []).map((privilege) => ({ privilege, on: '*.*', reason: 'dynamic' as const })),
    ...leftOutRoles(source, account),
    ...(source.proxied.get(key) ?? []).map((proxied) => ({ privilege: 'PROXY', on: describeAccount(proxied), reason: 'proxy' as const })),
  ];
}

function leftOutRoles({ roles }: SourceAccounts, account: AccountName): LeftOutGrant[] {
  return (roles.get(accountKey(account)) ?? []).map((role) => ({ privilege: describeAccount(role), on: '', reason: 'role' }));
}
