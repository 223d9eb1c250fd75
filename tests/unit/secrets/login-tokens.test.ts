/** The tokens that a local runtime keeps for its tasks, while an hour passes. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, it, mock } from 'node:test';
import { loginPassword } from '../../../core/mysql/connect.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { keepLoginTokens } from '../../../local/secrets/login-tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferry-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  mock.timers.enable({ apis: ['Date', 'setInterval'], now: Date.parse('2026-11-29T01:00:00Z') });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
});
afterEach(() => {
  mock.timers.reset();
});

const source: ServerAccess = { host: 'db1.example', port: 3306, username: 'ferry', password: 's3cret', tls: 'verify' };
const target: ServerAccess = { host: 'db.c0ffee.eu-west-1.rds.amazonaws.com', port: 3306, username: 'ferry', password: '', authentication: 'iam', tls: 'verify' };
const minutes = 60_000;

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

it('are never older than fifteen minutes, are their owner\'s alone, and are gone with the runtime', async () => {
  const said: string[] = [];
  const { servers, stop } = await keepLoginTokens({ servers: { source, target }, folder: join(folder, 'tokens'), log: (message) => said.push(message) });
  assert.equal(servers.source, source);
  const file = servers.target.tokenFile ?? '';
  for (let passed = 0; passed < 60; passed += 1) {
    const [, signedAt = ''] = /X-Amz-Date=(\w+)/.exec(await loginPassword(servers.target)) ?? [];
    const age = Date.now() - Date.parse(signedAt.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    assert.ok(age >= 0 && age < 15 * minutes, `${signedAt} is ${age / minutes} minutes old`);
    mock.timers.tick(minutes);
    await settled();
  }
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(folder, 'tokens')).mode & 0o777, 0o700);
  stop();
  assert.throws(() => readFileSync(file), { code: 'ENOENT' });
  assert.deepEqual(said, []);
});

it('that cannot be renewed are said to be so, without ending the runtime', async () => {
  const said: string[] = [];
  const noRegion = { ...target, host: 'db1.example' };
  process.env['AWS_REGION'] = 'eu-west-1';
  const { stop } = await keepLoginTokens({ servers: { source, target: noRegion }, folder: join(folder, 'tokens'), log: (message) => said.push(message) });
  delete process.env['AWS_REGION'];
  mock.timers.tick(5 * minutes);
  await settled();
  stop();
  assert.match(said.join(), /The token for the target could not be renewed, and logins there will be refused: InvalidInput: In which region is db1\.example/);
});
