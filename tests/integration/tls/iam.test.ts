/** Logging in by tokens of AWS IAM, at a server that asks for clear text over TLS as Amazon RDS does, before a real one. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { dirname } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { TestAuthority } from '../../support/certificates.ts';
import { cache, installPrograms, killed, lean, temporaryFolder } from '../../support/servers.ts';
import { TlsFront } from '../../support/tls-front.ts';
import { logins, type LogIn } from './logins.ts';

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

const authority = new TestAuthority('an authority of a test');
const ofLocalhost = authority.issue({ names: ['localhost'] });
const ofAnother = authority.issue({ names: ['db1.example'] });
const byAnother = new TestAuthority('another authority').issue({ names: ['localhost'] });
let front: TlsFront;
let plain: TlsFront;
let ways: readonly (readonly [string, LogIn])[];
let letIn = true;

/** A role's session token is as long as AWS makes it: some 1,500 characters now, and no length is promised. */
const sessionToken = 'Session/Token+'.repeat(300);

before(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: sessionToken });
  const programs = await installPrograms();
  ways = Object.entries(logins(dirname(programs.mysqldump)));
  const directory = await temporaryFolder(started);
  const behind = killed(started, await startTargetServer({ directory, serverOptions: lean, log: cache.log, programs }));
  const admin = await createConnection(connectionOptions(behind.adminAccess));
  const shop = ['CREATE DATABASE shop', 'CREATE TABLE shop.orders (id INT PRIMARY KEY)', 'INSERT INTO shop.orders VALUES (1)'];
  for (const sql of ["ALTER USER 'ferry'@'%' IDENTIFIED BY ''", ...shop]) await admin.query(sql);
  await admin.end();
  const options = { behind, accept: () => letIn, certificate: ofLocalhost };
  front = await TlsFront.open(started, options);
  plain = await TlsFront.open(started, { ...options, offersTls: false });
});

beforeEach(() => {
  letIn = true;
  front.certificate = ofLocalhost;
  front.logins.length = 0;
  plain.logins.length = 0;
});

function access(how: Partial<ServerAccess> = {}): ServerAccess {
  const account = { username: 'ferry', password: '', authentication: 'iam' as const, region: 'eu-west-1' };
  return { host: 'localhost', port: front.port, ...account, tls: 'verify', ca: authority.certificate, ...how };
}

describe('a login by IAM', () => {
  it('is by token, in clear text over TLS, and goes through', async () => {
    for (const [way, logIn] of ways) {
      front.logins.length = 0;
      await logIn(access());
      const [login] = front.logins;
      assert.equal(front.logins.length, 1, way);
      assert.equal(login?.username, 'ferry');
      assert.ok(login.encrypted, way);
      assert.match(login.password, new RegExp(`^localhost:${front.port}/\\?Action=connect&DBUser=ferry&X-Amz-Algorithm=AWS4-HMAC-SHA256&`), way);
      assert.equal(new URL(`https://${login.password}`).searchParams.get('X-Amz-Security-Token'), sessionToken, way);
    }
  });

  it('that is refused is one login, and is named, without the token', async () => {
    letIn = false;
    for (const [way, logIn] of ways) {
      front.logins.length = 0;
      await assert.rejects(logIn(access()), (error: Error) => {
        assert.equal(error.name, 'SourceAccessDenied', way);
        assert.doesNotMatch(error.message, /X-Amz-/, way);
        if (way !== 'mysqldump') assert.match(error.message, /did not take the token of AWS IAM.*AWSAuthenticationPlugin.*rds-db:connect/, way);
        return true;
      });
      assert.equal(front.logins.length, 1, way);
    }
  });

  it('sends nothing to a server of another name, or by another authority, or without TLS', async () => {
    for (const [way, logIn] of ways) {
      front.certificate = ofAnother;
      await assert.rejects(logIn(access()), { name: 'SourceTlsFailed' }, way);
      front.certificate = byAnother;
      await assert.rejects(logIn(access()), { name: 'SourceTlsFailed' }, way);
      await assert.rejects(logIn(access({ port: plain.port })), { name: 'SourceTlsFailed' }, way);
      assert.deepEqual([...front.logins, ...plain.logins], [], way);
    }
  });

  for (const tls of ['verify-ca', 'required', 'disabled'] as const) {
    it(`with TLS ${tls} is refused before anything is sent`, async () => {
      for (const [way, logIn] of ways) {
        const message = new RegExp(`TLS is ${tls}, and a token of IAM is sent in clear text`);
        await assert.rejects(logIn(access({ tls })), { name: 'InvalidInput', message }, way);
      }
      assert.deepEqual(front.logins, []);
    });
  }
});

describe('a password', () => {
  it('is not sent in clear text, whoever asks for it', async () => {
    for (const how of [{}, { tls: 'required' as const }, { tls: 'disabled' as const, port: plain.port }]) {
      for (const [way, logIn] of ways) {
        const message = way === 'mysqldump' ? /mysql_clear_password/ : /asks for the password in clear text, which is not sent.*"authentication": "iam"/;
        await assert.rejects(logIn(access({ ...how, authentication: 'password', password: 's3cret' })), { message }, way);
      }
    }
    assert.deepEqual([...front.logins, ...plain.logins].filter(({ password }) => password !== ''), []);
  });
});
