import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { chooseAccounts, type SourceAccounts } from '../../../core/accounts/choose-accounts.ts';
import { accountKey, describeAccount } from '../../../core/accounts/grants.ts';
import { escapeName, hasWildcard, NameIndex, unescapeName } from '../../../core/accounts/name-patterns.ts';
import { type AccountEntry, mergeEntries } from '../../../core/accounts/report.ts';
import { readAccount, type SourceAccount } from '../../../core/accounts/source-account.ts';
import { grantStatement, planDatabases, planObject } from '../../../core/accounts/statements.ts';

const account = (user: string, more: Readonly<Record<string, unknown>> = {}): SourceAccount => readAccount({ User: user, Host: '%', Password: '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29', ...more });
const on = (database: string) => [{ database, privileges: ['SELECT'], grantOption: false }];

function source(accounts: readonly SourceAccount[], more: Partial<SourceAccounts> = {}): SourceAccounts {
  return {
    accounts, databaseGrants: new Map(), objectGrants: new Map(), dynamicPrivileges: new Map(), roles: new Map(), proxied: new Map(),
    namesAreLiteral: false, ferry: { user: 'ferry', host: '%' }, ...more,
  };
}

describe('patterns of database names', () => {
  it('match as MySQL matches them', () => {
    const names = new NameIndex(['shop', 'shop_1', 'shop_22', 'shopx1', 'blog', 'a%b', 'axb', '']);
    assert.deepEqual(names.matching('shop\\_%'), ['shop_1', 'shop_22']);
    assert.deepEqual(names.matching('shop_1'), ['shop_1', 'shopx1']);
    assert.deepEqual(names.matching('%o%'), ['blog', 'shop', 'shop_1', 'shop_22', 'shopx1']);
    assert.deepEqual(names.matching('a\\%b'), ['a%b']);
    assert.deepEqual(names.matching('shop'), ['shop']);
    assert.equal(names.matching('%').length, 8);
    assert.deepEqual(new NameIndex(['Shop_A']).matching('shop\\_a'), []);
    assert.deepEqual(new NameIndex(['Shop_A'], true).matching('shop\\_a'), ['Shop_A']);
    assert.equal(new NameIndex(['Shop_A'], true).find('SHOP_a'), 'Shop_A');
  });

  it('match as a plain reading of the pattern does, whatever names and patterns there are', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '_', '%', '\\', 'é'), { maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(letters, { maxLength: 12 }), letters, (names, pattern) => {
        const expected = names.filter((name) => plainlyMatches(pattern, name)).sort();
        assert.deepEqual(new NameIndex(names).matching(pattern).sort(), expected);
      }),
    );
  });

  it('stand for one name when it is escaped', () => {
    fc.assert(fc.property(fc.string().filter((name) => !name.includes('\\')), (name) => !hasWildcard(escapeName(name)) && unescapeName(escapeName(name)) === name));
  });

  function plainlyMatches(pattern: string, name: string): boolean {
    const [first = '', second = ''] = pattern;
    if (pattern === '') return name === '';
    if (first === '\\' && (second === '_' || second === '%')) return name.startsWith(second) && plainlyMatches(pattern.slice(2), name.slice(1));
    if (first === '%') return plainlyMatches(pattern.slice(1), name) || (name !== '' && plainlyMatches(pattern, name.slice(1)));
    return name !== '' && (first === '_' || name.startsWith(first)) && plainlyMatches(pattern.slice(1), name.slice(1));
  }
});

describe('the accounts that concern the moved databases', () => {
  const moved = new NameIndex(['shop', 'shop_1', 'crm']);

  it('are those with a grant that reaches one, at any level', () => {
    const accounts = ['global', 'pattern', 'table', 'routine', 'other', 'monitor'].map((user) => account(user, { global: { Select_priv: 'Y' }, monitor: { Process_priv: 'Y', Repl_client_priv: 'Y' } }[user]));
    const object = (database: string, kind: 'TABLE' | 'PROCEDURE') => [{ database, kind, object: 'x', privileges: [{ name: 'SELECT' }], grantOption: false }];
    const chosen = chooseAccounts(
      source(accounts, {
        databaseGrants: new Map([['pattern\0%', [...on('shop\\_%'), ...on('zoo')]], ['other\0%', on('zoo%')]]),
        objectGrants: new Map([['table\0%', [...object('crm', 'TABLE'), ...object('mysql', 'TABLE')]], ['routine\0%', object('shop', 'PROCEDURE')]]),
      }),
      moved,
    );
    assert.deepEqual(chosen.map(({ account: { user } }) => user), ['global', 'pattern', 'table', 'routine']);
    assert.deepEqual(chosen[1]?.databases.map(({ database, reaches, isWildcard }) => ({ database, reaches, isWildcard })), [{ database: 'shop\\_%', reaches: ['shop_1'], isWildcard: true }]);
    assert.deepEqual(chosen[2]?.objects.map(({ database }) => database), ['crm']);
  });

  it("are not the server's own, nor anonymous users, roles of MariaDB, or Ferry's own account, which are reported", () => {
    const accounts = [account('mysql.sys'), account('rdsadmin'), account('debian-sys-maint'), account(''), account('reader', { is_role: 'Y', Host: '' }), account('ferry'), account('shop')];
    const databaseGrants = new Map(accounts.map((each) => [accountKey(each), on('shop')]));
    assert.deepEqual(chooseAccounts(source(accounts, { databaseGrants }), moved).map(({ account: each, leftOut }) => [describeAccount(each), leftOut]), [
      ["''@%", 'anonymous'], ['reader@', 'role'], ['ferry@%', 'ferry'], ['shop@%', undefined],
    ]);
  });

  it('are reported when only a role brings them to a moved database', () => {
    const [role, inner] = [{ user: 'writer', host: '%' }, { user: 'reader', host: '%' }];
    const roles = new Map([['app\0%', [role]], ['writer\0%', [inner]], ['idle\0%', [{ user: 'nothing', host: '%' }]], ['nothing\0%', [{ user: 'nothing', host: '%' }]]]);
    const accounts = ['app', 'idle', 'writer', 'reader', 'nothing'].map((user) => account(user));
    const chosen = chooseAccounts(source(accounts, { roles, databaseGrants: new Map([['reader\0%', on('crm')]]) }), moved);
    assert.deepEqual(chosen.map(({ account: { user }, leftOut }) => [user, leftOut]), [['app', 'by-role'], ['writer', 'by-role'], ['reader', undefined]]);
    assert.deepEqual(chosen[0]?.leftOutGrants, [{ privilege: 'writer@%', on: '', reason: 'role' }]);
  });

  it('are no administrators, unless their name is written out, and those that the operator wants', () => {
    const accounts = [
      account('root'), account('dba', { Super_priv: 'Y', Select_priv: 'Y' }), account('maker', { Create_user_priv: 'Y', Select_priv: 'Y' }), account('giver', { Select_priv: 'Y', Grant_priv: 'Y' }),
      account('system'), account('rows'), account('reader'), account('app'), account('app_2', { Host: '10.%' }),
    ];
    const databaseGrants = new Map(accounts.map((each) => [accountKey(each), on('shop')]));
    databaseGrants.set('rows\0%', [...on('shop'), { database: 'my%', privileges: ['INSERT'], grantOption: false }]);
    databaseGrants.set('reader\0%', [...on('shop'), ...on('mysql')]);
    const all = source(accounts, { databaseGrants, dynamicPrivileges: new Map([['system\0%', ['SYSTEM_USER']]]) });
    const of = (include: string[], exclude: string[]): Record<string, unknown> => Object.fromEntries(chooseAccounts(all, moved, { include, exclude }).map(({ account: { user }, leftOut }) => [user, leftOut]));
    const administrators = { root: 'administrator', dba: 'administrator', maker: 'administrator', giver: 'administrator', system: 'administrator', rows: 'administrator' };
    assert.deepEqual(of([], []), { ...administrators, reader: undefined, app: undefined, app_2: undefined });
    assert.deepEqual(of(['*'], []), { ...administrators, reader: undefined, app: undefined, app_2: undefined });
    assert.deepEqual(of(['app*@10.%', 'dba'], []), { ...administrators, dba: undefined, reader: 'not-included', app: 'not-included', app_2: undefined });
    assert.deepEqual(of(['*', 'dba@*'], ['*@10.*', 'dba']), { ...administrators, dba: 'excluded', reader: undefined, app: undefined, app_2: 'excluded' });
    assert.equal(chooseAccounts(source([account('ferry')], { databaseGrants: new Map([['ferry\0%', on('shop')]]) }), moved, { include: ['ferry'], exclude: [] })[0]?.leftOut, 'ferry');
  });

  it('get no global privilege that is revoked in part, and none that is dynamic', () => {
    const [chosen] = chooseAccounts(
      source([account('admin', { Select_priv: 'Y', Insert_priv: 'Y', User_attributes: '{"Restrictions": []}' })], { dynamicPrivileges: new Map([['admin\0%', ['BACKUP_ADMIN']]]) }),
      moved,
    );
    assert.equal(chosen?.global, undefined);
    assert.deepEqual(chosen?.leftOutGrants, [
      { privilege: 'SELECT', on: '*.*', reason: 'partial-revokes' },
      { privilege: 'INSERT', on: '*.*', reason: 'partial-revokes' },
      { privilege: 'BACKUP_ADMIN', on: '*.*', reason: 'dynamic' },
    ]);
  });
});

describe('GRANT on the target', () => {
  const pattern = { ...on('shop\\_%')[0]!, reaches: ['shop_1', 'shop_2'], isWildcard: true };
  const ons = (...plan: Parameters<typeof planDatabases>): string[] => planDatabases(...plan).map(({ on: what }) => what);

  it('names databases as the target reads names', () => {
    assert.deepEqual(ons([pattern], false, true), ['`shop_1`.*', '`shop_2`.*']);
    assert.deepEqual(ons([pattern], false, false), ['`shop\\_%`.*']);
    const literal = { ...pattern, database: 'shop_1', reaches: ['shop_1'], isWildcard: false };
    assert.deepEqual(ons([literal], true, false), ['`shop\\_1`.*']);
    assert.deepEqual(ons([literal], true, true), ['`shop_1`.*']);
  });

  it('does not widen what a more specific grant narrows, as the source does not', () => {
    const narrow = { database: 'shop\\_1', privileges: ['INSERT'], grantOption: false, reaches: ['shop_1'], isWildcard: false };
    const wide = { ...pattern, database: '%', reaches: ['crm', 'shop_1', 'shop_2'] };
    assert.deepEqual(ons([wide, pattern, narrow], false, true), ['`crm`.*', '`shop_2`.*', '`shop_1`.*']);
    assert.deepEqual(ons([wide, pattern, narrow], false, false), ['`%`.*', '`shop\\_%`.*', '`shop\\_1`.*']);
  });

  it('quotes every name', () => {
    const plan = planObject({ database: 'a`b', kind: 'FUNCTION', object: 'f', privileges: [{ name: 'EXECUTE' }], grantOption: true });
    assert.equal(grantStatement(plan, { user: "o'x", host: '%' }), "GRANT EXECUTE ON FUNCTION `a``b`.`f` TO 'o''x'@'%' WITH GRANT OPTION");
    const columns = planObject({ database: 'd', kind: 'TABLE', object: 't', privileges: [{ name: 'SELECT', columns: ['a', 'b`c'] }, { name: 'INSERT' }], grantOption: false });
    assert.equal(grantStatement(columns, { user: 'u', host: 'h' }), "GRANT SELECT (`a`, `b``c`), INSERT ON `d`.`t` TO 'u'@'h'");
    assert.equal(grantStatement({ on: '*.*', privileges: [], grantOption: true }, { user: 'u', host: 'h' }), "GRANT USAGE ON *.* TO 'u'@'h' WITH GRANT OPTION");
  });
});

describe('the report of a later pass', () => {
  it('adds to what was said before, and replaces what is said anew', () => {
    const entry = (more: Partial<AccountEntry>): AccountEntry => ({ user: 'u', host: '%', outcome: 'created', plugin: 'p', granted: [], leftOut: [], wildcards: [], ...more });
    const granted = (what: string) => ({ on: what, privileges: ['SELECT'], grantOption: false });
    const refused = (what: string) => ({ on: what, privilege: 'TRIGGER', reason: 'refused' as const, errno: 1044 });
    const first = entry({ outcome: 'locked', reason: 'plugin', granted: [granted('`a`.*')], leftOut: [refused('`a`.*'), refused('`b`.*')], wildcards: [{ pattern: '%', databases: ['b'], carried: 'expanded' }] });
    const second = entry({ granted: [granted('`b`.*')], wildcards: [{ pattern: '%', databases: ['a', 'b'], carried: 'expanded' }] });
    assert.deepEqual(mergeEntries([first, entry({ user: 'x' })], [second, entry({ user: 'a' })]), [
      entry({ user: 'a' }),
      entry({ granted: [granted('`a`.*'), granted('`b`.*')], leftOut: [refused('`a`.*')], wildcards: [{ pattern: '%', databases: ['a', 'b'], carried: 'expanded' }] }),
      entry({ user: 'x' }),
    ]);
  });
});
