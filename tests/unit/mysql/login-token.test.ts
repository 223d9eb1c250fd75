/** The token of AWS IAM, against a signature that is calculated here from AWS's description of it. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { loginToken } from '../../../core/mysql/login-token.ts';
import { loginPassword } from '../../../core/mysql/connect.ts';
import type { ServerAccess } from '../../../core/server-access.ts';

const host = 'fleet.cluster-c0ffee.eu-west-1.rds.amazonaws.com';
const access: ServerAccess = { host, port: 3306, username: 'ferry', password: '', authentication: 'iam', tls: 'verify' };
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

beforeEach(() => {
  mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-11-29T01:02:03Z') });
  Object.assign(process.env, keys);
  delete process.env['AWS_SESSION_TOKEN'];
  delete process.env['AWS_REGION'];
});
afterEach(() => {
  mock.timers.reset();
});

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Source: AWS IAM User Guide, "Create a signed AWS API request". */
function signatureOf(url: URL, date: string, region: string): string {
  const scope = `${date.slice(0, 8)}/${region}/rds-db/aws4_request`;
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  // An explicit port stays in the Host header that is signed, for all that URL leaves a default one out.
  const request = ['GET', '/', query.join('&'), `host:${host}:3306`, '', 'host', createHash('sha256').update('').digest('hex')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(request).digest('hex')].join('\n');
  const key = ['rds-db', 'aws4_request'].reduce((derived, part) => hmac(derived, part), hmac(hmac(`AWS4${keys.AWS_SECRET_ACCESS_KEY}`, date.slice(0, 8)), region));
  return hmac(key, toSign).toString('hex');
}

describe('the token of a login by IAM', () => {
  it('is the signed request that a server of Amazon RDS checks, without its scheme, for 15 minutes', async () => {
    const token = await loginToken(access);
    const url = new URL(`https://${token}`);
    assert.ok(token.startsWith(`${host}:3306/?Action=connect&DBUser=ferry&`), token);
    assert.equal(url.searchParams.get('X-Amz-Credential'), 'AKIDEXAMPLE/20261129/eu-west-1/rds-db/aws4_request');
    assert.equal(url.searchParams.get('X-Amz-Date'), '20261129T010203Z');
    assert.equal(url.searchParams.get('X-Amz-Expires'), '900');
    assert.equal(url.searchParams.get('X-Amz-SignedHeaders'), 'host');
    assert.equal(url.searchParams.get('X-Amz-Signature'), signatureOf(url, '20261129T010203Z', 'eu-west-1'));
  });

  it('is made anew for every login, so that one of 15 minutes ago is never sent', async () => {
    const first = await loginPassword(access);
    mock.timers.tick(16 * 60_000);
    const second = await loginPassword(access);
    assert.match(first, /X-Amz-Date=20261129T010203Z/);
    assert.match(second, /X-Amz-Date=20261129T011803Z/);
  });

  it("is of the server's region: as its secret says, else as its name says, else the program's own", async () => {
    process.env['AWS_REGION'] = 'us-east-1';
    const regionIn = async (how: Partial<ServerAccess>): Promise<string | undefined> => /%2F([a-z0-9-]+)%2Frds-db/.exec(await loginToken({ ...access, ...how }))?.[1];
    assert.equal(await regionIn({}), 'eu-west-1');
    assert.equal(await regionIn({ host: 'db.c0ffee.cn-north-1.rds.amazonaws.com.cn' }), 'cn-north-1');
    assert.equal(await regionIn({ host: 'db1.example', region: 'ap-southeast-2' }), 'ap-southeast-2');
    assert.equal(await regionIn({ host: 'db1.example' }), 'us-east-1');
    // A name that only looks like one of Amazon's.
    assert.equal(await regionIn({ host: 'db.eu-west-1.rds.amazonaws.com.example' }), 'us-east-1');
  });

  it('is refused where no region is known', async () => {
    await assert.rejects(loginToken({ ...access, host: 'db1.example' }), { name: 'InvalidInput', message: /In which region is db1\.example\?/ });
  });

  it('is refused where there are no credentials to sign it with', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' });
    await assert.rejects(loginToken({ ...access, username: 'nobody' }), { name: 'CredentialsMissing', message: /no AWS credentials to sign a login of nobody at / });
  });

  it('is made for TLS that is verified, and for no other', async () => {
    for (const tls of ['verify-ca', 'required', 'disabled'] as const) await assert.rejects(loginPassword({ ...access, tls }), { name: 'InvalidInput' });
  });
});
