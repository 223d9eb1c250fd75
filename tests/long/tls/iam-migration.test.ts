/** A migration on one machine between two servers that take tokens of IAM and no passwords, by the commands of an operator. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from '../../../core/server-access.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { ferry, type Outcome } from '../../integration/cli/ferry.ts';
import { TestAuthority } from '../../support/certificates.ts';
import { startServers } from '../../support/servers.ts';
import { TlsFront } from '../../support/tls-front.ts';

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

let directory: string;
let fronts: readonly [TlsFront, TlsFront];
let words: readonly string[];
let environment: Record<string, string>;
let signedBy: RegExp;

before(async () => {
  const servers = await startServers(started, [], { source: 'mysql-9.7', target: 'mysql-9.7' });
  directory = servers.directory;
  const shop = ['CREATE DATABASE shop', 'CREATE TABLE shop.orders (id INT PRIMARY KEY, note TEXT)', "INSERT INTO shop.orders VALUES (1, 'one'), (2, 'two')"];
  await onServer(servers.source, "ALTER USER 'ferry'@'127.0.0.1' IDENTIFIED BY ''", ...shop);
  await onServer(servers.target, "ALTER USER 'ferry'@'%' IDENTIFIED BY ''");
  const authority = new TestAuthority('an authority of a test');
  const ca = join(directory, 'authority.pem');
  await writeFile(ca, authority.certificate);
  const certificate = authority.issue({ names: ['localhost'] });
  // What Amazon RDS checks first: whose key it is, for which region.
  signedBy = /&X-Amz-Credential=AKIDEXAMPLE%2F\d{8}%2Feu-west-1%2Frds-db%2Faws4_request&/;
  const accept = ({ password }: { readonly password: string }): boolean => signedBy.test(password);
  fronts = [await TlsFront.open(started, { behind: servers.source, accept, certificate }), await TlsFront.open(started, { behind: servers.target, accept, certificate })];
  words = (['source', 'target'] as const).flatMap((role, index) => [`--${role}`, `mysql://ferry@localhost:${fronts[index]?.port ?? 0}`, `--${role}-auth`, 'iam', `--${role}-ca`, ca]);
  environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    PATH: `${servers.programs.binDirectory}:${process.env['PATH'] ?? ''}`,
  };
});

async function onServer({ adminAccess }: RunningServer, ...statements: readonly string[]): Promise<void> {
  const admin = await createConnection(connectionOptions(adminAccess));
  for (const sql of statements) await admin.query(sql);
  await admin.end();
}

function run(...command: readonly string[]): Promise<Outcome> {
  return ferry(command, { directory, environment });
}

describe('servers that take tokens of IAM', () => {
  it('are assessed, with a rehearsal on the target', async () => {
    const rehearsed = words.map((word) => (word === '--target' ? '--try' : word));
    const { code, stdout, stderr } = await run('assess', ...rehearsed, '--all');
    assert.equal(code, 0, `${stdout}${stderr}`);
  });

  it('are migrated between, each login with a token of its own time, and none is left anywhere', async () => {
    const { code, stdout, stderr } = await run('migrate', ...words, '--all');
    assert.equal(code, 0, `${stdout}${stderr}`);
    for (const { logins } of fronts) {
      assert.ok(logins.length > 2);
      for (const { encrypted, password } of logins) assert.ok(encrypted && signedBy.test(password), password);
    }
    const files = await readdir(join(directory, '.ferry'), { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile())) {
      assert.doesNotMatch(await readFile(join(file.parentPath, file.name), 'latin1'), /X-Amz-Signature/, file.name);
    }
  });

  it('are let in at no more without credentials, which is said', async () => {
    const without = Object.fromEntries(Object.entries(environment).filter(([name]) => name !== 'AWS_ACCESS_KEY_ID'));
    const { code, stderr } = await ferry(['assess', ...words, '--all', '--again'], { directory, environment: { ...without, AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' } });
    assert.equal(code, 100, stderr);
    assert.match(stderr, /CredentialsMissing: There are no AWS credentials to sign a login of ferry at localhost/);
  });

  it('are not logged in at where TLS does not prove who they are', async () => {
    const { code, stderr } = await run('migrate', ...words, '--target-tls', 'verify-ca', '--all');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /--target-auth iam cannot be used: TLS is verify-ca/);
  });
});
