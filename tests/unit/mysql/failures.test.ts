/** What is said of a server's answers: a deadlock passes another time, and is no defect of Ferry. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { serverFailure, serverFailureName } from '../../../core/mysql-failures.ts';
import type { ServerAccess } from '../../../core/server-access.ts';

const access: ServerAccess = { host: 'db1', port: 3306, username: 'ferry', password: '', tls: 'disabled' };

function answered(errno: number): Error {
  return Object.assign(new Error('Deadlock found when trying to get lock; try restarting transaction'), { errno, sqlState: '40001' });
}

for (const errno of [1205, 1213, 1290, 1836, 3572]) {
  test(`error ${errno} of the target is tried again`, () => {
    const failure = serverFailure('target', access, answered(errno));
    assert.equal(failure.name, 'ImportInterrupted');
    assert.equal(failure.retryable, true);
    assert.match(failure.message, /^The target server db1:3306 could not go on: Deadlock found/);
  });
}

test('an error that no name is for stays one', () => {
  assert.equal(serverFailure('target', access, answered(3750)).name, 'InternalError');
});

test('a certificate that a program of MySQL does not trust is told from a connection that it lost', () => {
  assert.equal(serverFailureName('source', 2026, 'SSL connection error: error:0A000086:SSL routines::certificate verify failed'), 'SourceTlsFailed');
  assert.equal(serverFailureName('source', 2026, "SSL connection error: SSL is required but the server doesn't support it"), 'SourceTlsFailed');
  assert.equal(serverFailureName('target', 2026, 'SSL connection error: unexpected eof while reading'), 'TargetUnreachable');
  assert.equal(serverFailureName('source', 2026), 'SourceUnreachable');
});

test('what a statement says of certificates is not about the connection', () => {
  assert.equal(serverFailure('target', access, Object.assign(new Error("Column 'certificate has expired' cannot be null"), { errno: 1048, sqlState: '23000' })).name, 'InternalError');
});

test('a connection that is cut while it is being encrypted is a connection that was lost', () => {
  const cut = Object.assign(new Error('Client network socket disconnected before secure TLS connection was established'), { code: 'HANDSHAKE_SSL_ERROR', fatal: true });
  assert.equal(serverFailure('target', access, cut).name, 'TargetUnreachable');
});

function gone(errno: number, message: string, sql: string): Error {
  return Object.assign(new Error(message), { errno, sqlState: 'HY000', sql });
}

describe('an object that is gone between two reads of a database', () => {
  const answers: readonly [number, string, string][] = [
    [1049, "Unknown database 'crm'", 'SHOW CREATE DATABASE `crm`'],
    [1054, "Unknown column 'note' in 'field list'", 'SELECT `note` FROM `crm`.`orders`'],
    [1146, "Table 'crm.orders' doesn't exist", 'SELECT 1 FROM `crm`.`orders`'],
    [1305, 'PROCEDURE tidy does not exist', 'SHOW CREATE PROCEDURE `crm`.`tidy`'],
    [1360, 'Trigger does not exist', "SELECT * FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = 'crm'"],
    [1412, 'Table definition has changed, please retry transaction', 'SELECT 1 FROM `crm`.`orders`'],
    [1539, "Unknown event 'nightly'", 'SHOW CREATE EVENT `crm`.`nightly`'],
    [1735, "Unknown partition 'p9' in table 'orders'", 'SELECT 1 FROM `crm`.`orders` PARTITION (p9)'],
  ];
  for (const [errno, message, sql] of answers) {
    test(`error ${errno} of the source says that it changed, and is tried again`, () => {
      const failure = serverFailure('source', access, gone(errno, message, sql));
      assert.deepEqual([failure.name, failure.retryable], ['SourceChanged', true]);
      assert.equal(failure.message, `The source server db1:3306 does not have any more what was to be read: ${message}`);
      assert.equal(serverFailure('target', access, gone(errno, message, sql)).name, 'ImportInterrupted');
    });
  }

  test("is none of the server's own, which was asked for in error", () => {
    const column = gone(1054, "Unknown column 'NO_SUCH' in 'field list'", 'SELECT NO_SUCH FROM information_schema.TABLES');
    const table = gone(1109, "Unknown table 'NO_SUCH' in information_schema", 'SELECT 1 FROM information_schema.NO_SUCH');
    const denied = gone(1146, "Table 'mysql.no_such' doesn't exist", 'SELECT 1 FROM mysql.no_such');
    for (const error of [column, table, denied]) assert.equal(serverFailure('source', access, error).name, 'InternalError');
  });
});
