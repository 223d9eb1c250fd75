import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Query } from '../../../core/assessment/facts.ts';
import { readServer } from '../../../core/assessment/read-server.ts';

const denied = Object.assign(new Error('SELECT command denied'), { errno: 1142, sqlState: '42000' });

function server(accounts: readonly unknown[] | Error, columns: readonly string[], asked: string[] = []): Query {
  return <Row>(sql: string): Promise<Row[]> => {
    asked.push(sql);
    const answer: readonly unknown[] | Error =
      sql.includes('VERSION') ? [{ version: '5.6.24' }]
      : sql.includes('SHOW GLOBAL VARIABLES') ? [{ Variable_name: 'Log_Bin', Value: 'ON' }]
      : sql.includes('SHOW GRANTS') ? [{ 'Grants for x': "GRANT SELECT ON *.* TO 'x'@'%' IDENTIFIED BY PASSWORD '*0123456789ABCDEF'" }]
      : sql.includes('SHOW COLUMNS') ? columns.map((Field) => ({ Field }))
      : sql.includes('SHOW DATABASES') ? [{ Database: 'shop' }]
      : sql.includes('CONVERT_TZ') ? [{ known: '0' }]
      : sql.includes('FROM mysql.user') ? accounts
      : sql.includes('mysql.func') ? denied
      : [];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as Row[]);
  };
}

describe('reading a server', () => {
  it('keeps no hash, of a grant or of an account', async () => {
    const asked: string[] = [];
    const rows = [
      { account: 'new@%', plugin: 'mysql_native_password', oldHash: 0, Super_priv: 'N' },
      { account: 'old@%', plugin: '', oldHash: '1', Super_priv: 'Y' },
      { account: 'other@%', plugin: 'auth_pam', oldHash: '1', Super_priv: 'N' },
    ];
    const facts = await readServer(server(rows, ['Host', 'User', 'Password', 'Super_priv', 'plugin'], asked));
    assert.deepEqual(facts.grants, ["GRANT SELECT ON *.* TO 'x'@'%'"]);
    assert.deepEqual(facts.accounts?.map(({ account, oldHash, serverPrivileges }) => [account, oldHash, serverPrivileges]), [['new@%', false, []], ['old@%', true, ['SUPER']], ['other@%', false, []]]);
    const question = asked.find((sql) => sql.includes('FROM mysql.user ORDER'));
    assert.doesNotMatch(question ?? '', /SELECT[^(]*Password\b(?!\))/);
    assert.match(question ?? '', /LENGTH\(Password\) = 16/);
  });

  it('goes without what the account may not read', async () => {
    const facts = await readServer(server(denied, ['Host', 'User']));
    assert.equal(facts.accounts, undefined);
    assert.deepEqual(facts.loadableFunctions, []);
    assert.deepEqual([facts.version, facts.variables.get('log_bin'), facts.timeZones], ['5.6.24', 'ON', false]);
  });
});
