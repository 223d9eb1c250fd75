/** What is said of a server's answers: a deadlock passes another time, and is no defect of Ferry. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverFailure } from '../../../core/mysql-failures.ts';
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
