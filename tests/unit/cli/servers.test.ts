import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseServerUrl, serverWords } from '../../../cli/servers.ts';
import { FerryError } from '../../../core/errors.ts';

function refusal(url: string | undefined): string {
  try {
    parseServerUrl('source', url);
  } catch (error) {
    assert.ok(error instanceof FerryError);
    assert.equal(error.name, 'InvalidInput');
    return error.message;
  }
  throw new Error(`${url ?? 'nothing'} was not refused`);
}

describe('the URL of a server', () => {
  it('gives user, host and port, with 3306 where none is named', () => {
    assert.deepEqual(parseServerUrl('source', 'mysql://root@db1'), { host: 'db1', port: 3306, username: 'root' });
    assert.deepEqual(parseServerUrl('target', 'mysql://a%40b@[::1]:3307/'), { host: '::1', port: 3307, username: 'a@b' });
  });

  it('refuses a password without repeating it, and says where it belongs', () => {
    const message = refusal('mysql://root:s3cret@db1');
    assert.match(message, /^--source carries a password, .* put it in FERRY_SOURCE_PASSWORD instead/);
    assert.doesNotMatch(message, /s3cret/);
  });

  it('refuses what is not the URL of a server', () => {
    assert.match(refusal(undefined), /--source is needed/);
    assert.match(refusal('db1'), /not a URL like mysql:/);
    assert.match(refusal('postgres://root@db1'), /not a URL like mysql:/);
    assert.match(refusal('mysql://db1'), /needs a user and a host/);
    assert.match(refusal('mysql://root@db1/crm'), /nothing may follow its port/);
    assert.match(refusal('mysql://root@db1?ssl=1'), /nothing may follow its port/);
  });

  it('is made again for a child process, without the password', () => {
    const words = serverWords('source', { host: '::1', port: 3307, username: 'a@b', password: 's3cret', tls: 'required' }, undefined);
    assert.deepEqual(words, ['--source', 'mysql://a%40b@[::1]:3307', '--source-tls', 'required']);
    assert.deepEqual(parseServerUrl('source', words[1]), { host: '::1', port: 3307, username: 'a@b' });
    const byIam = serverWords('target', { host: 'db1', port: 3306, username: 'ferry', password: '', tls: 'verify', authentication: 'iam' }, '/tmp/ca.pem');
    assert.deepEqual(byIam, ['--target', 'mysql://ferry@db1:3306', '--target-tls', 'verify', '--target-auth', 'iam', '--target-ca', '/tmp/ca.pem']);
  });
});
