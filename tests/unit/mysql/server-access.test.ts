/** What a secret may say of a server, and what it comes to for the driver and for MySQL's own programs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientOptionFile, connectionOptions, parseServerAccess } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';

const without = { host: 'db1.example', port: 3306, username: 'ferry' };
const written = { ...without, password: 's3cret' };
const parse = (fields: object): ServerAccess => parseServerAccess('SOURCE_SECRET', JSON.stringify(fields));

describe('the secret of a server', () => {
  it('has chain and name checked unless it says otherwise', () => {
    assert.equal(parse(written).tls, 'verify');
    for (const tls of ['verify', 'verify-ca', 'required', 'disabled']) assert.equal(parse({ ...written, tls }).tls, tls);
    assert.throws(() => parse({ ...written, tls: 'preferred' }), { name: 'InvalidInput', message: 'The secret SOURCE_SECRET has missing or wrong fields: tls.' });
  });

  it('needs a password, or says that there is none because the login is by IAM', () => {
    assert.throws(() => parse(without), { name: 'InvalidInput', message: 'The secret SOURCE_SECRET has missing or wrong fields: password.' });
    assert.deepEqual(parse({ ...without, authentication: 'iam', region: 'eu-west-1' }), { ...without, password: '', authentication: 'iam', region: 'eu-west-1', tls: 'verify' });
  });

  it('with IAM has no password beside it, and no TLS but "verify"', () => {
    assert.throws(() => parse({ ...written, authentication: 'iam' }), { name: 'InvalidInput', message: /there is a password beside IAM authentication/ });
    for (const tls of ['verify-ca', 'required', 'disabled']) {
      assert.throws(() => parse({ ...without, authentication: 'iam', tls }), { name: 'InvalidInput', message: new RegExp(`TLS is ${tls}, and a token of IAM is sent in clear text`) });
    }
  });

  it('is never repeated in what is said of it', () => {
    assert.throws(() => parse({ ...written, port: 's3cret' }), (error: Error) => !error.message.includes('s3cret'));
    assert.throws(() => parse({ ...written, authentication: 'iam' }), (error: Error) => !error.message.includes('s3cret'));
  });
});

describe("an option file of MySQL's programs", () => {
  const lines = (access: Partial<ServerAccess>, password?: string): string[] => clientOptionFile({ ...parse(written), ...access }, '/tmp/ca.pem', password).split('\n');

  it('checks what the driver checks', () => {
    assert.ok(lines({}).includes('ssl-mode=VERIFY_IDENTITY') && lines({}).includes('ssl-ca="/tmp/ca.pem"'));
    assert.ok(lines({ tls: 'verify-ca' }).includes('ssl-mode=VERIFY_CA') && lines({ tls: 'verify-ca' }).includes('ssl-ca="/tmp/ca.pem"'));
    assert.ok(lines({ tls: 'required' }).includes('ssl-mode=REQUIRED'));
    assert.ok(lines({ tls: 'disabled' }).includes('ssl-mode=DISABLED'));
  });

  it('lets the password be sent in clear text with IAM alone, where it is a token', () => {
    assert.ok(lines({ authentication: 'iam', password: '' }, 'a token').includes('enable-cleartext-plugin'));
    assert.ok(lines({ authentication: 'iam', password: '' }, 'a token').includes('password="a token"'));
    assert.ok(!lines({}).includes('enable-cleartext-plugin'));
    assert.equal(connectionOptions(parse(written)).enableCleartextPlugin, undefined);
  });
});
