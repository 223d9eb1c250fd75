/** Rows with the columns that matter of each server: hashes of MySQL 5.6 and 9.7 as those servers stored them. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import { readDatabaseGrants, readObjectGrants } from '../../../core/accounts/grants.ts';
import { readAccount } from '../../../core/accounts/source-account.ts';
import { authenticationOf, createUser } from '../../../core/accounts/statements.ts';

const nativeHash = '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29';
const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex').toUpperCase();
const plugins = new Set(['mysql_native_password', 'caching_sha2_password', 'sha256_password']);
const noTls = { ssl_type: '', ssl_cipher: Buffer.alloc(0), x509_issuer: Buffer.alloc(0), x509_subject: Buffer.alloc(0) };
const noLimits = { max_questions: 0, max_updates: 0, max_connections: 0, max_user_connections: 0 };

const mysql55 = { Host: '10.%', User: 'shop', Password: nativeHash, Select_priv: 'Y', Insert_priv: 'N', Create_tmp_table_priv: 'Y', Repl_client_priv: 'Y', Grant_priv: 'Y', ...noTls, ...noLimits, plugin: '', authentication_string: '', ferry_hash: '' };
const mysql56 = { ...mysql55, plugin: 'mysql_native_password', password_expired: 'N' };
const mysql57 = { Host: '%', User: 'shop', Select_priv: 'N', ...noTls, ...noLimits, plugin: 'mysql_native_password', authentication_string: nativeHash, ferry_hash: hex(nativeHash), password_expired: 'Y', password_lifetime: null, account_locked: 'N' };
const sha2Hash = '244124303041241005152C1D04257F1B1B562A365552152C125854574762626D62516F594E38704879586B4C644E356B76304E644472722F35466675496A6246775A4C703333';
const mysql80 = { ...mysql57, plugin: 'caching_sha2_password', ferry_hash: sha2Hash, password_expired: 'N', account_locked: 'Y', Create_role_priv: 'N', Password_reuse_history: null, User_attributes: null };
const mariadb = { Host: 'localhost', User: 'shop', Password: nativeHash, Delete_history_priv: 'Y', ...noTls, max_questions: '0', max_updates: '0', max_connections: '0', max_user_connections: '-1', plugin: 'mysql_native_password', authentication_string: nativeHash, ferry_hash: hex(nativeHash), password_expired: 'N', is_role: 'N', default_role: '' };

function statementOf(row: Readonly<Record<string, unknown>>, targetPlugins = plugins): string {
  const account = readAccount(row);
  return createUser(account, authenticationOf(account, targetPlugins), 'spring');
}

const mark = `ATTRIBUTE '{"aurora_ferry":{"migration":"spring"}}'`;

describe('an account of the source', () => {
  it('is read alike from MySQL 5.5, 5.6, 5.7 and MariaDB, wherever its hash is', () => {
    for (const row of [mysql55, mysql56, mysql57, mariadb]) {
      const account = readAccount(row);
      assert.equal(account.plugin, 'mysql_native_password');
      assert.equal(account.hash?.sqlLiteral(), `'${nativeHash}'`);
    }
    assert.deepEqual(readAccount(mysql56).global, { privileges: ['SELECT', 'CREATE TEMPORARY TABLES', 'REPLICATION CLIENT'], grantOption: true });
    assert.deepEqual(readAccount(mariadb).global.privileges, ['DELETE HISTORY']);
  });

  it('keeps a hash with control characters, its lock, and its expired password', () => {
    assert.equal(statementOf(mysql80), `CREATE USER 'shop'@'%' IDENTIFIED WITH 'caching_sha2_password' AS 0x${sha2Hash.toLowerCase()} ACCOUNT LOCK ${mark}`);
    assert.equal(statementOf(mysql57), `CREATE USER 'shop'@'%' IDENTIFIED WITH 'mysql_native_password' AS '${nativeHash}' PASSWORD EXPIRE ${mark}`);
  });

  it('keeps requirements and limits', () => {
    const row = { ...mysql56, ssl_type: 'SPECIFIED', ssl_cipher: Buffer.from('AES256-SHA'), x509_subject: Buffer.from("/CN=o'hara"), max_questions: 90, max_user_connections: '3' };
    assert.equal(
      statementOf(row),
      `CREATE USER 'shop'@'10.%' IDENTIFIED WITH 'mysql_native_password' AS '${nativeHash}' REQUIRE CIPHER 'AES256-SHA' AND SUBJECT '/CN=o''hara' WITH MAX_QUERIES_PER_HOUR 90 MAX_USER_CONNECTIONS 3 ${mark}`,
    );
    assert.match(statementOf({ ...mysql56, ssl_type: 'ANY' }), / REQUIRE SSL /);
    assert.match(statementOf({ ...mysql56, ssl_type: 'X509' }), / REQUIRE X509 /);
    assert.doesNotMatch(statementOf(mariadb), /MAX_/);
  });

  it('writes names that hold quotes, backticks and backslashes so that they are read back', () => {
    assert.match(statementOf({ ...mysql56, User: "o'br`ien\\", Host: '%' }), /^CREATE USER 'o''br`ien\\\\'@'%' /);
  });

  it('is made locked, with the reason, where its password cannot be carried', () => {
    const reasonOf = (row: Readonly<Record<string, unknown>>, targetPlugins = plugins): unknown => {
      const account = readAccount(row);
      const authentication = authenticationOf(account, targetPlugins);
      if (authentication.hash !== undefined) return undefined;
      assert.equal(createUser(account, authentication, 'spring'), `CREATE USER 'shop'@'${account.host}' IDENTIFIED BY RANDOM PASSWORD ACCOUNT LOCK ${mark}`);
      return authentication.reason;
    };
    assert.equal(reasonOf({ ...mysql55, Password: '' }), 'empty-password');
    assert.equal(reasonOf({ ...mysql55, Password: '5d2e19393cc5ef67' }), 'old-password');
    assert.equal(reasonOf({ ...mysql56, plugin: 'mysql_old_password', Password: '5d2e19393cc5ef67' }), 'old-password');
    assert.equal(reasonOf(mysql56, new Set(['caching_sha2_password'])), 'plugin');
    assert.equal(reasonOf({ ...mysql57, plugin: 'auth_socket', authentication_string: '', ferry_hash: '' }), 'plugin');
    assert.equal(reasonOf({ ...mariadb, Password: '', plugin: 'unix_socket', ferry_hash: '' }), 'plugin');
    assert.equal(reasonOf({ ...mysql80, ferry_hash: '', authentication_string: '' }), 'locked-on-source', 'as roles of MySQL 8 are');
    assert.equal(reasonOf(mysql56), undefined);
  });

  it('tells partial revokes from other attributes', () => {
    assert.equal(readAccount({ ...mysql80, User_attributes: { Restrictions: [{ Database: 'mysql', Privileges: ['INSERT'] }] } }).hasPartialRevokes, true);
    assert.equal(readAccount({ ...mysql80, User_attributes: '{"metadata": {"team": "crm"}}' }).hasPartialRevokes, false);
  });

  it('shows its hash neither as JSON nor as text nor to an inspection', () => {
    const account = readAccount(mysql56);
    for (const shown of [JSON.stringify(account), inspect(account, { depth: 9, showHidden: true }), JSON.stringify({ ...account })]) assert.doesNotMatch(shown, /94BDCEBE/i);
  });
});

describe('grants of the source', () => {
  it('are read from rows of databases, with escapes as they are stored', () => {
    const row = { Host: '%', Db: 'shop\\_%', User: 'shop', Select_priv: 'Y', Create_view_priv: 'Y', Alter_routine_priv: 'Y', Lock_tables_priv: 'Y', Event_priv: 'N', Grant_priv: 'N' };
    assert.deepEqual(readDatabaseGrants([row]).get('shop\0%'), [{ database: 'shop\\_%', privileges: ['SELECT', 'CREATE VIEW', 'ALTER ROUTINE', 'LOCK TABLES'], grantOption: false }]);
  });

  it('are read from rows of tables, columns and routines', () => {
    const table = { Host: '%', Db: 'shop', User: 'shop', Table_name: 'a`b', Grantor: 'root@localhost', Table_priv: 'Insert,Create View,Grant', Column_priv: 'Select,Update' };
    const columns = [
      { Host: '%', Db: 'shop', User: 'shop', Table_name: 'a`b', Column_name: 'x, (y)', Column_priv: 'Select,Update' },
      { Host: '%', Db: 'shop', User: 'shop', Table_name: 'a`b', Column_name: 'z', Column_priv: 'Select' },
      { Host: '%', Db: 'other', User: 'shop', Table_name: 'a`b', Column_name: 'z', Column_priv: 'Select' },
    ];
    const routine = { Host: '%', Db: 'shop', User: 'shop', Routine_name: 'pay', Routine_type: 'FUNCTION', Proc_priv: 'Execute,Alter Routine' };
    assert.deepEqual(readObjectGrants([table], columns, [routine]).get('shop\0%'), [
      {
        database: 'shop', kind: 'TABLE', object: 'a`b', grantOption: true,
        privileges: [{ name: 'INSERT' }, { name: 'CREATE VIEW' }, { name: 'SELECT', columns: ['x, (y)', 'z'] }, { name: 'UPDATE', columns: ['x, (y)'] }],
      },
      { database: 'shop', kind: 'FUNCTION', object: 'pay', grantOption: false, privileges: [{ name: 'EXECUTE' }, { name: 'ALTER ROUTINE' }] },
    ]);
  });
});
