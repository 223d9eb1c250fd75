import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HeldPrivileges, rulesOf } from '../../../core/privileges/held.ts';
import { anyDatabase, describeMissing, grantsFor, missingPrivileges, sourceGrant, sourcePrivileges } from '../../../core/privileges/needed.ts';
import type { SubjectOfPrivileges } from '../../../core/privileges/needed.ts';
import { parseGrants } from '../../../core/privileges/parse-grants.ts';

const account = "'x'@'%'";

/** Of an account whose grants end before TO. */
function held(version: string, grants: readonly string[], variables: Readonly<Record<string, string>> = {}): HeldPrivileges {
  const parsed = parseGrants([`GRANT USAGE ON *.* TO ${account}`, ...grants.map((grant) => (/ (?:TO|FROM) /.test(grant) ? grant : `${grant} ${grant.startsWith('REVOKE') ? 'FROM' : 'TO'} ${account}`))]);
  return new HeldPrivileges(parsed, rulesOf(version, new Map(Object.entries(variables)), parsed));
}

describe('What an account may do in a database', () => {
  it('is what it may do everywhere, less what was revoked in part', () => {
    const all = held('8.0.33', ['GRANT ALL PRIVILEGES ON *.*', 'REVOKE EVENT ON `shop`.*']);
    assert.deepEqual([all.everywhere('TRIGGER'), all.everywhere('EVENT'), all.onDatabase('EVENT', 'shop'), all.onDatabase('EVENT', 'blog')], [true, false, false, true]);
    assert.equal(held('8.0.33', ['GRANT SELECT ON *.*', 'REVOKE SELECT ON SOMETHING NEW FROM x']).onDatabase('SELECT', 'shop'), false);
    assert.equal(held('8.0.33', ['GRANT EVENT ON *.*', 'REVOKE EVENT ON `shop`.*', 'GRANT EVENT ON `shop`.*']).onDatabase('EVENT', 'shop'), true);
  });

  it('follows patterns, in which % and _ are wildcards unless they are escaped', () => {
    for (const [pattern, name, matches] of [['shop', 'shop', true], ['sh%', 'shop', true], ['shop_', 'shop1', true], ['shop\\_', 'shop1', false], ['shop\\_', 'shop_', true], ['Shop', 'shop', false], ['%', 'x', true]] as const) {
      assert.equal(held('5.6.24', [`GRANT EVENT ON \`${pattern}\`.*`]).onDatabase('EVENT', name), matches, `${pattern} ${name}`);
    }
    assert.equal(held('5.6.24', ['GRANT EVENT ON `Shop`.*'], { lower_case_table_names: '1' }).onDatabase('EVENT', 'shop'), true);
    const literal = held('8.0.33', ['GRANT EVENT ON `sh%`.*', 'GRANT EVENT ON `a_b`.*'], { partial_revokes: 'ON' });
    assert.deepEqual(['shop', 'a_b', 'axb'].map((name) => literal.onDatabase('EVENT', name)), [false, true, false]);
  });

  it('is what one grant on it gives: they are not added up', () => {
    const grants = ['GRANT SELECT ON `shop`.*', 'GRANT EVENT, SELECT ON `sh%`.*'];
    assert.equal(held('5.6.24', grants).onDatabase('EVENT', 'shop'), false);
    assert.equal(held('5.6.24', ['GRANT EVENT ON `shop`.*', 'GRANT SELECT ON `sh%`.*']).onDatabase('EVENT', 'shop'), true);
    // 8.0 takes whichever was granted first.
    assert.equal(held('8.0.33', ['GRANT EVENT ON `shop`.*', 'GRANT SELECT ON `sh%`.*']).onDatabase('EVENT', 'shop'), false);
    assert.equal(held('9.7.4', ['GRANT EVENT ON `shop`.*', 'GRANT SELECT ON `sh%`.*', 'GRANT `r`@`%`']).onDatabase('EVENT', 'shop'), false);
    assert.equal(held('5.6.24', ['GRANT EVENT ON `shop%`.*', 'GRANT SELECT, EVENT ON `sh%`.*']).onDatabase('SELECT', 'shop'), false);
    assert.equal(held('5.6.24', ['GRANT EVENT ON `shop%`.*', 'GRANT SELECT, EVENT ON `sh%`.*']).onDatabase('EVENT', 'shop'), true);
  });

  it('is found among thousands of grants, each of which is a pattern, for as many databases', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `tenant_${index}`);
    const parsed = parseGrants(names.map((name) => `GRANT SELECT, EVENT ON \`${name}\`.* TO ${account}`));
    const all = new HeldPrivileges(parsed, rulesOf('5.6.24', new Map(), parsed), names);
    assert.equal(names.filter((name) => all.onDatabase('EVENT', name) && !all.onDatabase('TRIGGER', name)).length, names.length);
    assert.equal(all.onDatabase('EVENT', 'tenantX7'), true);
    assert.equal(all.onDatabase('EVENT', 'other'), false);
  });

  it("is the sum of the account's and of its role's on MariaDB", () => {
    const both = held('10.11.6-MariaDB', ['GRANT SELECT ON `shop`.*', 'GRANT EVENT ON `sh%`.* TO `mover`', 'GRANT USAGE ON *.* TO `mover`']);
    assert.deepEqual([both.onDatabase('SELECT', 'shop'), both.onDatabase('EVENT', 'shop'), both.onDatabase('TRIGGER', 'shop')], [true, true, false]);
  });

  it('is not what it may do with single tables, columns or routines', () => {
    const parts = held('5.6.24', ['GRANT SELECT, TRIGGER ON `shop`.`a`', 'GRANT SELECT (id) ON `shop`.`b`', 'GRANT EXECUTE ON PROCEDURE `shop`.`p`']);
    assert.deepEqual([parts.onDatabase('SELECT', 'shop'), parts.onTable('SELECT', 'shop', 'a'), parts.onTable('SELECT', 'shop', 'b'), parts.onPartsOf('SELECT', 'shop')], [false, true, false, true]);
    assert.deepEqual([parts.onRoutine('EXECUTE', 'shop', 'p'), parts.onRoutine('EXECUTE', 'shop', 'q')], [true, false]);
  });
});

describe('What a dump needs', () => {
  const shop: SubjectOfPrivileges = { ...anyDatabase('shop_1'), version: '5.6.24', hiddenRoutines: [], refusedFunctions: [] };
  const lacking = (account: HeldPrivileges, subject: SubjectOfPrivileges = shop): string[] => missingPrivileges(account, subject, 'dump').map(({ privilege, on }) => `${privilege} ${on}`);

  it('is what docs/security.md says, word for word', () => {
    const text = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');
    assert.ok(text.includes(`\n${sourceGrant("'ferry'@'10.%'")};\n`));
    const rows = text.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1]?.trim().replaceAll('`', ''));
    for (const privilege of sourcePrivileges) assert.ok(rows.includes(privilege), privilege);
  });

  it('is enough for every database on every version', () => {
    for (const version of ['', '5.5.34', '5.7.22', '8.0.33', '9.7.4', '10.11.6-MariaDB']) {
      assert.deepEqual(lacking(held(version, [sourceGrant(account)]), { ...anyDatabase('shop_1'), version }), [], version);
    }
  });

  it('depends on what the database has, and on the version', () => {
    const few = ['GRANT SELECT, TRIGGER, EVENT ON *.*'];
    assert.deepEqual(lacking(held('5.6.24', few), { ...shop, hasViews: false, isLocked: false }), []);
    assert.deepEqual(lacking(held('5.6.24', few), shop), ['LOCK TABLES `shop_1`.*', 'SHOW VIEW `shop_1`.*']);
    assert.deepEqual(missingPrivileges(held('5.6.24', few), { ...shop, hasViews: false }, 'comparison'), []);
    assert.deepEqual(lacking(held('5.6.24', few), { ...shop, hasViews: true, isLocked: false, refusedFunctions: ['shop_1.f', 'lib.g'] }).slice(1), ['EXECUTE FUNCTION `shop_1`.`f`', 'EXECUTE FUNCTION `lib`.`g`']);
  });

  it('is shown the text of routines by another privilege on each version', () => {
    const all = 'GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON `shop\\_1`.*';
    const of = (version: string, more: readonly string[] = [], hidden: readonly string[] = ['p']): string[] => lacking(held(version, [all, ...more]), { ...shop, version, hiddenRoutines: hidden });
    assert.deepEqual(['5.5.34', '5.7.22', '10.11.6-MariaDB', '8.0.19', '8.0.20', '9.7.4'].map((version) => of(version)), [
      ...Array.from({ length: 3 }, () => ['SELECT `mysql`.`proc`']), ['SELECT *.*'], ['SHOW_ROUTINE *.*'], ['SHOW_ROUTINE *.*'],
    ]);
    assert.deepEqual([of('5.6.24', ['GRANT SELECT ON `mysql`.`proc`']), of('5.6.24', ['GRANT SELECT ON `mysql`.*']), of('8.0.33', ['GRANT SHOW_ROUTINE ON *.*']), of('11.4.2-MariaDB', ['GRANT SHOW CREATE ROUTINE ON *.*']), of('5.6.24', [], [])], [[], [], [], [], []]);
    assert.deepEqual(of('5.6.24', ['GRANT SELECT (db) ON `mysql`.`proc`']), ['SELECT `mysql`.`proc`']);
  });

  it('is asked for where it takes effect', () => {
    const grants = (account: HeldPrivileges, subject = shop): string[] => grantsFor(account, 'shop_1', missingPrivileges(account, subject, 'dump'));
    assert.deepEqual(grants(held('5.6.24', ['GRANT SELECT, LOCK TABLES, SHOW VIEW, EVENT ON *.*'])), [`GRANT TRIGGER ON *.* TO ${account}`]);
    const six = 'SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, EXECUTE';
    const proc = `GRANT SELECT ON \`mysql\`.\`proc\` TO ${account}`;
    assert.deepEqual(grants(held('5.6.24', [])), [`GRANT ${six} ON \`shop\\_1\`.* TO ${account}`, proc]);
    assert.deepEqual(grants(held('8.0.33', ['GRANT EVENT ON *.*', 'REVOKE EVENT ON `shop_1`.*'], { partial_revokes: 'ON' }), { ...shop, version: '8.0.33' })[0], `GRANT ${six} ON \`shop_1\`.* TO ${account}`);
    assert.deepEqual(grants(held('5.6.24', ['GRANT SELECT, LOCK TABLES, SHOW VIEW, EVENT, EXECUTE ON `shop%`.*', 'GRANT SELECT ON `mysql`.`proc`'])), [`GRANT TRIGGER ON \`shop%\`.* TO ${account}`]);
    assert.match(describeMissing(held('5.6.24', []), 'shop_1', [{ privilege: 'EVENT', on: '`shop_1`.*', reason: 'events are not shown' }]), /^'x'@'%' lacks EVENT on `shop_1`\.\* \(events are not shown\)\. Give it: GRANT /);
  });
});
