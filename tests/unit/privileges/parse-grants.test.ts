import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grantsIn } from '../../../containers/common/grants.ts';
import { parseGrants } from '../../../core/privileges/parse-grants.ts';

const hash = '*D821809F681A40A6E379B50D0463EFAE20BDD122';

/** Privileges and where, as one line each. */
function told(lines: readonly string[]): string[] {
  return parseGrants(lines).grants.map(({ privileges, on, byRole, grantOption }) => {
    const names = privileges.map(({ name, columns }) => (columns === undefined ? name : `${name}(${columns.join()})`));
    return `${names.join(', ')} @ ${on}${byRole ? ' by a role' : ''}${grantOption ? ' with grant option' : ''}`;
  });
}

describe('SHOW GRANTS', () => {
  it('is read as MySQL 5.5 to 5.7 write it, without the password hash', () => {
    const lines = [
      `GRANT SELECT, PROCESS, LOCK TABLES, REPLICATION CLIENT, SHOW VIEW, EVENT, TRIGGER ON *.* TO 'x'@'127.0.0.1' IDENTIFIED BY PASSWORD '${hash}' REQUIRE SSL WITH GRANT OPTION MAX_QUERIES_PER_HOUR 5`,
      "GRANT SELECT, EXECUTE ON `my shop`.* TO 'x'@'127.0.0.1'",
      "GRANT ALL PRIVILEGES ON `a\\_b%`.* TO 'x'@'127.0.0.1' WITH GRANT OPTION",
      "GRANT SELECT (id, name), INSERT, UPDATE (`we``ird, ON x`) ON `my shop`.`or``ders` TO 'x'@'127.0.0.1'",
      "GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE `my shop`.`p` TO 'x'@'127.0.0.1'",
      "GRANT EXECUTE ON FUNCTION `my shop`.`f` TO 'x'@'127.0.0.1'",
      "GRANT PROXY ON ''@'' TO 'x'@'127.0.0.1' WITH GRANT OPTION",
    ];
    assert.deepEqual(told(lines), [
      'SELECT, PROCESS, LOCK TABLES, REPLICATION CLIENT, SHOW VIEW, EVENT, TRIGGER @ *.* with grant option',
      'SELECT, EXECUTE @ `my shop`.*',
      'ALL PRIVILEGES @ `a\\_b%`.* with grant option',
      'SELECT(id,name), INSERT, UPDATE(we`ird, ON x) @ `my shop`.`or``ders`',
      'EXECUTE, ALTER ROUTINE @ PROCEDURE `my shop`.`p`',
      'EXECUTE @ FUNCTION `my shop`.`f`',
    ]);
    const parsed = parseGrants(lines);
    assert.deepEqual([parsed.account, parsed.roles, parsed.unread], ["'x'@'127.0.0.1'", [], []]);
    assert.deepEqual(parsed.grants.map(({ scope }) => scope.level), ['global', 'database', 'database', 'table', 'routine', 'routine']);
    assert.deepEqual(parsed.grants[2]?.scope, { level: 'database', database: 'a\\_b%' });
    assert.deepEqual(parsed.grants[3]?.scope, { level: 'table', database: 'my shop', object: 'or`ders' });
    assert.doesNotMatch(JSON.stringify([parsed, grantsIn(lines)]), /D821809F/);
  });

  it('is read under sql_mode ANSI_QUOTES, and with sql_quote_show_create off', () => {
    assert.deepEqual(told(['GRANT SELECT ON "my ""shop".* TO \'x\'@\'%\'', 'GRANT SELECT ("id", "na""me") ON "a"."t" TO "x"@"%"']), ['SELECT @ "my ""shop".*', 'SELECT(id,na"me) @ "a"."t"']);
    assert.deepEqual(parseGrants(['GRANT SELECT ON shop\\_1.* TO x@`127.0.0.1`', 'GRANT SELECT ON shop.orders TO x@`127.0.0.1`']).grants.map(({ scope }) => scope), [
      { level: 'database', database: 'shop\\_1' },
      { level: 'table', database: 'shop', object: 'orders' },
    ]);
  });

  it('is read as MySQL 8 and 9 write it: dynamic privileges, partial revokes, and roles', () => {
    const lines = [
      'GRANT SELECT, CREATE ROLE, DROP ROLE ON *.* TO `admin`@`%` WITH GRANT OPTION',
      'GRANT ROLE_ADMIN,SET_USER_ID,SHOW_ROUTINE ON *.* TO `admin`@`%` WITH GRANT OPTION',
      'REVOKE CREATE, SELECT ON `mysql`.* FROM `admin`@`%`',
      'GRANT SELECT (`id`), INSERT (`id`, `b`) ON `shop`.`t` TO `admin`@`%`',
      'GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `admin`@`%`',
      'GRANT EXECUTE ON LIBRARY `shop`.`l` TO `admin`@`%`',
      'GRANT `rds_superuser_role`@`%`,`app``s`@`%` TO `admin`@`%` WITH ADMIN OPTION',
    ];
    assert.deepEqual(told(lines), [
      'SELECT, CREATE ROLE, DROP ROLE @ *.* with grant option',
      'ROLE_ADMIN, SET_USER_ID, SHOW_ROUTINE @ *.* with grant option',
      'SELECT(id), INSERT(id,b) @ `shop`.`t`',
      'EXECUTE @ PROCEDURE `shop`.`p`',
      'EXECUTE @ LIBRARY `shop`.`l`',
    ]);
    const { revokes, roles, account } = parseGrants(lines);
    assert.deepEqual(revokes.map(({ privileges, scope }) => [privileges.map(({ name }) => name), scope]), [[['CREATE', 'SELECT'], { level: 'database', database: 'mysql' }]]);
    assert.deepEqual([roles, account], [['`rds_superuser_role`@`%`', '`app``s`@`%`'], "'admin'@'%'"]);
  });

  it('is read as MariaDB writes it, where lines of the active role stand beside those of the account', () => {
    const lines = [
      'GRANT `r1` TO `x`@`127.0.0.1`',
      "GRANT r2 TO 'x'@'127.0.0.1' WITH ADMIN OPTION",
      `GRANT USAGE ON *.* TO \`x\`@\`127.0.0.1\` IDENTIFIED BY PASSWORD '${hash}'`,
      'GRANT SELECT, BINLOG MONITOR ON *.* TO `x`@`127.0.0.1` IDENTIFIED VIA mysql_native_password USING \'a\' OR unix_socket',
      'GRANT SHOW VIEW, DELETE HISTORY ON `ab%`.* TO `x`@`127.0.0.1`',
      'GRANT EXECUTE ON PACKAGE BODY `ab`.`p` TO `x`@`127.0.0.1`',
      'SET DEFAULT ROLE `r1` FOR `x`@`127.0.0.1`',
      'GRANT USAGE ON *.* TO `r1`',
      'GRANT SELECT, EVENT ON `ab%`.* TO `r1`',
    ];
    assert.deepEqual(told(lines), [
      'USAGE @ *.*',
      'SELECT, BINLOG MONITOR @ *.*',
      'SHOW VIEW, DELETE HISTORY @ `ab%`.*',
      'EXECUTE @ PACKAGE BODY `ab`.`p`',
      'USAGE @ *.* by a role',
      'SELECT, EVENT @ `ab%`.* by a role',
    ]);
    assert.deepEqual([parseGrants(lines).roles, parseGrants(lines).account], [['`r1`', 'r2'], "'x'@'127.0.0.1'"]);
  });

  it('keeps a line that takes something away and is not understood', () => {
    assert.deepEqual(parseGrants(['REVOKE SELECT ON WORLD `a` FROM `x`@`%`', 'GRANT SOMETHING NEW']).unread, ['REVOKE SELECT ON WORLD `a` FROM `x`@`%`']);
  });

  it('goes into reports as privileges and places alone', () => {
    assert.deepEqual(grantsIn(["GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION", 'REVOKE EVENT ON `a`.* FROM `root`@`localhost`', "GRANT SELECT (id), INSERT ON `a`.`t` TO 'root'@'localhost'"]), {
      grants: [
        { privileges: ['ALL PRIVILEGES'], on: '*.*', grantOption: true },
        { privileges: ['INSERT'], on: '`a`.`t`' },
      ],
      revokes: [{ privileges: ['EVENT'], on: '`a`.*' }],
      roles: [],
    });
  });
});
