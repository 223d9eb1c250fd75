/** What other users of the machine find of a local runtime: no file that they may read, and no key with which they are answered. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { openStateFolder, runtimeFileSchema, type RuntimeFile } from '../../../local/state-folder.ts';
import { temporaryFolder } from '../../support/servers.ts';

const ferry = join(import.meta.dirname, '../../../cli/main.ts');

describe('a local runtime', () => {
  let folder: string;
  let runtime: RuntimeFile;
  let exports: Record<string, string>;
  let said = '';
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    folder = join(await temporaryFolder(started), 'state');
    // As an earlier version, or a hand, has left it.
    await mkdir(join(folder, 's3/data'), { recursive: true, mode: 0o755 });
    await writeFile(join(folder, 's3/data/old'), 'a dump', { mode: 0o644 });
    await chmod(folder, 0o755);
    const server = (role: string): string[] => [`--${role}`, 'mysql://nobody@127.0.0.1:9', `--${role}-tls`, 'disabled'];
    const child = spawn('sh', ['-c', 'umask 022; exec "$0" "$@"', process.execPath, ferry, 'local', '--state', folder, ...server('source'), ...server('target')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FERRY_SOURCE_PASSWORD: 'the source secret', FERRY_TARGET_PASSWORD: 'the target secret' },
    });
    started.defer(async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    });
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    let printed = '';
    while (!printed.includes('AWS_SECRET_ACCESS_KEY=')) printed += String(((await once(child.stdout, 'data')) as [Buffer])[0]);
    exports = Object.fromEntries(printed.trim().split('\n').map((line) => line.replace(/^export /, '').split('=') as [string, string]));
    runtime = runtimeFileSchema.parse(JSON.parse(await readFile(join(folder, 'runtime.json'), 'utf8')));
  });

  const configuration = (credentials: RuntimeFile['credentials']['root']): { endpoint: string; region: string; maxAttempts: number; credentials: typeof credentials } =>
    ({ endpoint: runtime.endpoint, region: runtime.region, maxAttempts: 1, credentials });

  it('prints keys that work, and keeps them out of its log', async () => {
    const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = exports;
    assert.deepEqual({ endpoint, region, operator: { accessKeyId, secretAccessKey } }, { endpoint: runtime.endpoint, region: runtime.region, operator: runtime.credentials.operator });
    const identity = await new STSClient(configuration({ accessKeyId, secretAccessKey })).send(new GetCallerIdentityCommand({}));
    assert.equal(identity.Account, '000000000000');
    assert.ok(!said.includes(secretAccessKey), said);
  });

  it('answers nobody who guesses, and gives the passwords to no person', async () => {
    for (const accessKeyId of ['root', 'local', runtime.credentials.root.accessKeyId]) {
      const guessed = configuration({ accessKeyId, secretAccessKey: 'local' });
      await assert.rejects(new SFNClient(guessed).send(new ListStateMachinesCommand({})), { name: /^(UnrecognizedClientException|InvalidSignatureException)$/ });
    }
    for (const credentials of [runtime.credentials.operator, runtime.credentials.root]) {
      const secret = new SecretsManagerClient(configuration(credentials)).send(new GetSecretValueCommand({ SecretId: 'aurora-ferry/source' }));
      await assert.rejects(secret, { name: 'AccessDeniedException' });
    }
  });

  it('has nothing in its state folder that others may read or enter', async () => {
    const s3 = new S3Client({ ...configuration(runtime.credentials.root), forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: runtime.outputs['BucketName'], Key: 'dump', Body: Buffer.alloc(200_000) }));
    const entries = await readdir(folder, { recursive: true });
    assert.ok(entries.some((entry) => /^s3\/data\/[0-9a-f-]{36}$/.test(entry)), entries.join());
    for (const entry of ['', ...entries]) {
      const { mode } = await lstat(join(folder, entry));
      assert.equal((mode & 0o077).toString(8), '0', `${entry} has mode ${(mode & 0o777).toString(8)}`);
    }
  });
});

describe('a state folder', () => {
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  it('that others may enter and that holds something else is refused, and left as it is', async () => {
    const folder = await temporaryFolder(started);
    await writeFile(join(folder, 'letter.txt'), 'a', { mode: 0o644 });
    await chmod(folder, 0o755);
    assert.throws(() => openStateFolder(folder), { name: 'InvalidInput', message: /can be entered by other users, and holds more than a runtime's state \(letter\.txt\)/ });
    assert.deepEqual([(await stat(folder)).mode & 0o777, (await stat(join(folder, 'letter.txt'))).mode & 0o777], [0o755, 0o644]);
    await chmod(folder, 0o700);
    openStateFolder(folder).release();
  });
});
