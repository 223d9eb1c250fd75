import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseGrants } from '../../../containers/common/grants.ts';

describe('SHOW GRANTS', () => {
  it('is read as MySQL 5.6 writes it, without the password hash', () => {
    const parsed = parseGrants([
      "GRANT SELECT, PROCESS, LOCK TABLES, REPLICATION CLIENT, SHOW VIEW, EVENT, TRIGGER ON *.* TO 'ferry'@'127.0.0.1' IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29'",
      "GRANT SELECT (id, name), INSERT ON `my shop`.`orders` TO 'ferry'@'127.0.0.1'",
    ]);
    assert.deepEqual(parsed, {
      grants: [
        { privileges: ['SELECT', 'PROCESS', 'LOCK TABLES', 'REPLICATION CLIENT', 'SHOW VIEW', 'EVENT', 'TRIGGER'], on: '*.*' },
        { privileges: ['SELECT', 'INSERT'], on: '`my shop`.`orders`' },
      ],
      roles: [],
    });
    assert.doesNotMatch(JSON.stringify(parsed), /94BDCEBE/);
  });

  it('is read as MySQL 8 writes it: privileges, dynamic privileges, partial revokes, and roles', () => {
    assert.deepEqual(
      parseGrants([
        'GRANT SELECT, CREATE ON *.* TO `admin`@`%` WITH GRANT OPTION',
        'GRANT ROLE_ADMIN,SET_USER_ID ON *.* TO `admin`@`%` WITH GRANT OPTION',
        'REVOKE CREATE ON `mysql`.* FROM `admin`@`%`',
        'GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `admin`@`%`',
        'GRANT `rds_superuser_role`@`%`,`app``s`@`%` TO `admin`@`%` WITH ADMIN OPTION',
      ]),
      {
        grants: [
          { privileges: ['SELECT', 'CREATE'], on: '*.*', grantOption: true },
          { privileges: ['ROLE_ADMIN', 'SET_USER_ID'], on: '*.*', grantOption: true },
          { privileges: ['EXECUTE'], on: '`shop`.`p`' },
        ],
        roles: ['`rds_superuser_role`@`%`', '`app``s`@`%`'],
      },
    );
  });

  it('is read for an account that may do everything, or nothing', () => {
    assert.deepEqual(parseGrants(["GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION", "GRANT PROXY ON ''@'' TO 'root'@'localhost' WITH GRANT OPTION"]).grants[0], {
      privileges: ['ALL PRIVILEGES'],
      on: '*.*',
      grantOption: true,
    });
    assert.deepEqual(parseGrants(["GRANT USAGE ON *.* TO 'ferry'@'%'"]).grants, [{ privileges: ['USAGE'], on: '*.*' }]);
  });
});
