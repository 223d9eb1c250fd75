/** What is refused before anything is started: exact messages, exit codes, and nothing on standard output. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { FerryOptions } from './ferry.ts';
import { ferry } from './ferry.ts';

const invalidInputRemedy = 'Remedy: Correct the named option or field; `ferry help` shows what each command takes.\n';

describe('bad input', { concurrency: 2 }, () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-bad-input-'));
  });
  after(async () => {
    // No command that is refused leaves anything behind.
    assert.deepEqual(await readdir(directory), ['ca.pem']);
    await rm(directory, { recursive: true });
  });

  async function refuses(words: readonly string[], code: number, stderr: string | RegExp, options: FerryOptions = {}): Promise<void> {
    const outcome = await ferry(words, { directory, ...options });
    if (typeof stderr === 'string') assert.equal(outcome.stderr, stderr);
    else assert.match(outcome.stderr, stderr);
    assert.equal(outcome.stdout, '');
    assert.equal(outcome.code, code);
  }

  it('refuses an unknown command, and suggests the near one', () =>
    refuses(['statsu'], 2, `ferry: InvalidInput: There is no command "statsu". Did you mean \`ferry status\`?\n${invalidInputRemedy}`));

  it('refuses an unknown option, and suggests the near one', () =>
    refuses(['start', '--migratoin', 'm', 'a'], 2, `ferry: InvalidInput: ferry start has no option --migratoin. Did you mean --migration?\n${invalidInputRemedy}`));

  it('refuses a run without a migration', () =>
    refuses(['start', 'a'], 2, `ferry: InvalidInput: --migration is needed: it names the effort, across runs.\n${invalidInputRemedy}`));

  it('refuses a migration name that could not be a key', () =>
    refuses(['start', '--migration', 'Spring/Cutover', 'a'], 2, /^ferry: InvalidInput: --migration must be 1 to 48 lower-case letters, digits or hyphens/));

  it('names every number that is out of bounds', () =>
    refuses(
      ['start', '--migration', 'm', '--dump-threads', '0', '--max-attempts', '11', 'a'],
      2,
      `ferry: InvalidInput: --dump-threads must be a whole number from 1 to 1000; --max-attempts must be a whole number from 1 to 10.\n${invalidInputRemedy}`,
    ));

  it('refuses a window that is no length of time', () =>
    refuses(['start', '--migration', 'm', '--window', 'soon', 'a'], 2, `ferry: InvalidInput: --window must be a length of time such as 45m or 1h30m.\n${invalidInputRemedy}`));

  it('refuses an empty list', () =>
    refuses(
      ['start', '--migration', 'm'],
      10,
      'ferry: EmptyDatabaseList: The list of databases is empty; nothing was started.\nRemedy: Name at least one database, as arguments, with --file, or on standard input.\n',
    ));

  it('refuses a list with a flaw, and names the line', () =>
    refuses(
      ['start', '--migration', 'm'],
      11,
      'ferry: InvalidDatabaseName: 1 of 2 names cannot be used; nothing was started.\n' +
        '  line 2: Database name "trailing " ends with a space.\n' +
        'Remedy: Correct the name: 1 to 64 characters, none of them NUL, no space at the end.\n',
      { input: 'crm\ntrailing \n' },
    ));

  it("refuses MySQL's own schemas and repeated names", async () => {
    await refuses(['start', '--migration', 'm', 'MySQL'], 12, /^ferry: SystemDatabase: 1 of 1 name cannot be used/);
    await refuses(['start', '--migration', 'm', 'a', 'b', 'a'], 13, /^ferry: DuplicateDatabase: [^]*argument 3: `a` was named before, on argument 1\./);
  });

  it('refuses to replace what is not in the list', () =>
    refuses(['start', '--migration', 'm', '--replace', 'b', 'a'], 2, /^ferry: InvalidInput: --replace names what is not in the list of databases: `b`\./));

  it('says that no local runtime is running', () =>
    refuses(
      ['status'],
      90,
      new RegExp(`^ferry: LocalRuntimeNotRunning: No local runtime is running on the state folder .*/\\.ferry\\.\nRemedy: Start it with \`ferry local\`, or name a deployed stack with --stage\\.\n$`),
    ));

  it('refuses a stage beside a local runtime', () =>
    refuses(['status', '--stage', 'prod', '--local'], 2, /^ferry: InvalidInput: --stage names a deployed stack: it goes with neither --local nor --state\./));

  it('says that AWS cannot be used without credentials', () =>
    refuses(['status', '--stage', 'prod', '--region', 'eu-west-1'], 100, /^ferry: CredentialsMissing: .*credentials/i, {
      environment: { HOME: '/nonexistent' },
    }));

  it('refuses a password on the command line, without repeating it', async () => {
    const words = ['local', '--source', 'mysql://root:s3cret@db1', '--target', 'mysql://admin@db2'];
    const { code, stderr } = await ferry(words, { directory });
    assert.equal(code, 2);
    assert.match(stderr, /^ferry: InvalidInput: --source carries a password/);
    assert.doesNotMatch(stderr, /s3cret/);
  });

  it('asks for the password where no terminal could', () =>
    refuses(['local', '--source', 'mysql://root@db1', '--target', 'mysql://admin@db2'], 2, /^ferry: InvalidInput: The source's password is needed: set FERRY_SOURCE_PASSWORD/));

  it('refuses a setting of the environment that it does not know', () =>
    refuses(['local', '--source', 'mysql://root@db1', '--target', 'mysql://admin@db2'], 2, /^ferry: InvalidInput: .*FERRY_CHILD_STATUS_EVENTS/, {
      environment: { FERRY_CHILD_STATUS_EVENTS: 'no' },
    }));

  it('refuses an authority file without a certificate', async () => {
    await writeFile(join(directory, 'ca.pem'), 'not a certificate');
    await refuses(['local', '--source', 'mysql://root@db1', '--target', 'mysql://admin@db2', '--target-ca', join(directory, 'ca.pem')], 2, /ca\.pem holds no certificate/, {
      environment: { FERRY_SOURCE_PASSWORD: '', FERRY_TARGET_PASSWORD: '' },
    });
  });

  it('refuses --all beside names, and a demo in a folder that holds something', async () => {
    const servers = ['--source', 'mysql://root@db1', '--target', 'mysql://admin@db2'];
    await refuses(['migrate', ...servers, '--all', 'a'], 2, /^ferry: InvalidInput: --all stands for every database/);
    await refuses(['demo', '--state', tmpdir()], 2, /^ferry: InvalidInput: The demo wants a folder of its own, and .* is not empty\./);
    await access(tmpdir());
  });
});

describe('the launcher', () => {
  it('shows the help and the version, from the Node.js that started it', async () => {
    const launcher = join(import.meta.dirname, '../../../cli/ferry.js');
    const { stdout } = await promisify(execFile)(launcher, ['help']);
    assert.match(stdout, /^ferry moves fleets of MySQL databases/);
    const version = await ferry(['--version']);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(version.code, 0);
  });

  it('ends quietly when its reader does', async () => {
    const main = join(import.meta.dirname, '../../../cli/main.ts');
    const { stderr } = await promisify(execFile)('/bin/sh', ['-c', `'${process.execPath}' '${main}' help exit-codes | head -n 1`]);
    assert.equal(stderr, '');
  });
});
