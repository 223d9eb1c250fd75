/** What is checked on built images: what they are made of, and the task programs at work inside them. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { errorKinds } from '../../core/errors.ts';
import type { ErrorName } from '../../core/errors.ts';
import { freeSlot, takeSlot } from '../../core/slots.ts';
import type { Container, Ended, MountedImage } from '../../scripts/images/container.ts';
import { Bench } from '../integration/containers/bench.ts';
import { checkForeignClient } from './foreign-client.ts';
import type { ForeignClient } from './foreign-client.ts';
import { contentsOfShop, fillShop, shopRows } from './shop.ts';
import { Tasks } from './tasks.ts';

export interface Subject {
  readonly dump: MountedImage;
  readonly import: MountedImage;
  readonly foreignClient: ForeignClient;
  /** For what the containers need while they run. */
  readonly folder: string;
}

export type Check = (name: string, run: () => Promise<void> | void) => Promise<void>;

/** Prints a line for each check. @returns how many passed @throws when one failed */
export async function checkImages(subject: Subject): Promise<number> {
  let passed = 0;
  const failed: string[] = [];
  const check: Check = async (name, run) => {
    const startedAt = performance.now();
    try {
      await run();
      passed += 1;
      console.log(`✔ ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed.push(name);
      console.log(`✖ ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };
  await using started = new AsyncDisposableStack();
  const bench = await Bench.start(started);
  const tasks = started.adopt(await Tasks.open(bench, subject, subject.folder), (open) => {
    open.close();
  });
  await fillShop(bench);
  await checkContents(check, subject, tasks);
  await checkMigration(check, tasks);
  await checkFailures(check, tasks);
  await checkStopping(check, tasks);
  await checkForeignClient(check, subject.foreignClient, bench);
  if (failed.length > 0) throw new Error(`${failed.length} checks of the images failed, ${passed} passed: ${failed.join('; ')}`);
  return passed;
}

async function checkContents(check: Check, subject: Subject, tasks: Tasks): Promise<void> {
  for (const name of ['dump', 'import'] as const) {
    const { image, root } = subject[name];
    await check(`${name}: starts its program as a user without rights, stops with SIGTERM, and holds no secret`, async () => {
      const { User, Entrypoint, Volumes, StopSignal, Env, Labels } = image.config;
      assert.match(User, /^[1-9]\d*:[1-9]\d*$/);
      assert.deepEqual(Entrypoint, ['node', `/app/${name}/main.mjs`]);
      assert.deepEqual(Object.keys(Volumes), ['/tmp']);
      assert.equal(StopSignal, 'SIGTERM');
      assert.deepEqual(Env.filter((entry) => /SECRET|PASSWORD|TOKEN|AWS_/i.test(entry)), []);
      assert.equal(Labels['org.opencontainers.image.title'], `aurora-ferry ${name}`);
      // Other files than the entry point alone, and not the other program.
      const folders = (await readdir(join(root, 'app'), { withFileTypes: true })).filter((entry) => entry.isDirectory());
      assert.deepEqual(folders.map((entry) => entry.name), [name]);
    });

    await check(`${name}: nothing of the build or of this machine is left in it`, () => {
      const added = ['etc/apt/sources.list.d/sid.sources', 'etc/apt/apt.conf.d/90machine', 'usr/local/etc/npmrc', 'run/machine-authorities.pem', 'root/.npm', 'build', 'fetch.sh'];
      assert.deepEqual(added.filter((path) => existsSync(join(root, path))), []);
    });

    await check(`${name}: its user can write to /tmp and to nothing else, and has no capabilities`, async () => {
      const script = "cat /proc/self/status; cat /proc/1/comm; touch /tmp/a && rm /tmp/a || exit 3; for f in / /app /opt /usr/local/bin /home/node /var/tmp; do if touch $f/a 2>/dev/null; then exit 4; fi; done";
      const { exitCode, stdout, stderr } = await tasks.command(name, 'sh', '-c', script);
      assert.equal(exitCode, 0, stdout + stderr);
      for (const set of ['Prm', 'Eff', 'Bnd']) assert.match(stdout, new RegExp(`^Cap${set}:\\s+0{16}$`, 'm'));
      assert.match(stdout, /^Uid:\s+1000\s+1000\s+1000\s+1000$/m);
    });
  }

  await check("dump: mysqldump is Oracle's 9.7, signed by Debian, and the image's own packages are untouched", async () => {
    const { stdout } = await tasks.command('dump', 'mysqldump', '--version');
    assert.match(stdout, /Ver 9\.7\.\d+/);
    assert.doesNotMatch(stdout, /mariadb/i);
    const packages = await readFile(join(subject.dump.root, 'opt/mysql/packages.txt'), 'utf8');
    assert.match(packages, /^mysql-client-core 9\.7\.\S+ (amd64|arm64)$/m);
    const [ofDump, ofImport] = await Promise.all([subject.dump, subject.import].map(({ root }) => readFile(join(root, 'var/lib/dpkg/status'), 'utf8')));
    assert.equal(ofDump, ofImport);
  });
}

async function checkMigration(check: Check, tasks: Tasks): Promise<void> {
  const { bench } = tasks;
  const outputs: string[] = [];
  const succeed = async (stage: 'dump' | 'import' | 'verify', writesNothing: boolean): Promise<void> => {
    const ended = await tasks.run(stage, 'shop', 1, {}, { writesNothing });
    outputs.push(ended.stdout, ended.stderr);
    assert.equal(ended.exitCode, 0, ended.stderr + ended.stdout);
  };

  await check(`a database of MySQL ${bench.source.version} is dumped in the dump image`, async () => {
    await succeed('dump', false);
    const manifest = await bench.manifest('shop');
    assert.match(manifest.tool, /Ver 9\.7\.\d+/);
    assert.equal((await bench.report('dump', 'shop')).result?.rows, shopRows);
    assert.deepEqual(await bench.holders('source'), []);
  });

  await check(`it is imported into MySQL ${bench.target.version} and verified in the import image, which writes to no file system`, async () => {
    await succeed('import', true);
    await succeed('verify', true);
    assert.equal((await bench.report('verify', 'shop')).result?.rows, shopRows);
  });

  await check('both servers have the same rows, view, trigger and routine', async () => {
    assert.deepEqual(await contentsOfShop(bench.targetAdmin), await contentsOfShop(bench.sourceAdmin));
  });

  await check("credentials are those of the task's role, and no password is in what the programs print", () => {
    assert.ok(tasks.credentialsRead >= 3, `${tasks.credentialsRead} requests for credentials`);
    for (const { password } of [bench.source.access, bench.target.access]) assert.ok(!outputs.join('\n').includes(password));
  });
}

async function checkFailures(check: Check, tasks: Tasks): Promise<void> {
  const { bench } = tasks;
  const fails = async (name: ErrorName, run: Promise<Ended>): Promise<string> => {
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, errorKinds[name].exitCode, stderr);
    assert.match(stderr, new RegExp(`"error":"${name}"`));
    return stderr;
  };

  await check('failures end with their documented exit codes', async () => {
    await fails('UnknownDatabase', tasks.run('dump', 'nowhere'));
    await fails('InvalidInput', tasks.run('dump', 'shop', 2, { BUCKET_NAME: undefined }));
    await fails('SourceAccessDenied', tasks.run('dump', 'shop', 3, { SOURCE_SECRET: JSON.stringify({ ...bench.source.access, password: 'wrong' }) }));
    await bench.targetAdmin.query('CREATE DATABASE precious; CREATE TABLE precious.t (a INT)');
    await bench.sourceAdmin.query('CREATE DATABASE precious; CREATE TABLE precious.t (a INT)');
    assert.equal((await tasks.run('dump', 'precious')).exitCode, 0);
    await fails('TargetDatabaseExists', tasks.run('import', 'precious'));
  });

  await check("a target whose certificate is not of Amazon's authorities is refused, and so the image has these", async () => {
    const { ca, ...access } = bench.target.access;
    assert.ok(ca !== undefined, 'the test target has no authority of its own');
    const stderr = await fails('TargetTlsFailed', tasks.run('import', 'shop', 4, { TARGET_SECRET: JSON.stringify(access) }));
    assert.match(stderr, /self-signed certificate in certificate chain/);
  });
}

async function checkStopping(check: Check, tasks: Tasks): Promise<void> {
  const { bench } = tasks;
  const interrupted = async (task: Container): Promise<void> => {
    const told = performance.now();
    await task.stop();
    const { exitCode, stderr } = await task.ended;
    assert.equal(exitCode, errorKinds.TaskInterrupted.exitCode, stderr);
    assert.ok(performance.now() - told < 15_000, 'it took longer than the stop timeout leaves');
  };

  await check('a dump that waits for its turn ends at once when it is told to stop', async () => {
    await takeSlot(bench.slots, 'source', 'another', 1, new Date().toISOString());
    await bench.claim('shop', 5);
    const task = await tasks.start('dump', 'shop', 5, { DUMP_THREADS: '1' });
    const read = tasks.credentialsRead;
    await until(() => Promise.resolve(tasks.credentialsRead > read), task);
    await interrupted(task);
    assert.deepEqual(await bench.holders('source'), ['another']);
  });

  await check('a dump told to stop ends its mysqldump, frees its slot and says so in its report', async () => {
    await bench.sourceAdmin.query('LOCK TABLES shop.pictures WRITE, shop.orders WRITE');
    try {
      await bench.claim('shop', 6);
      const task = await tasks.start('dump', 'shop', 6);
      await until(() => waits(bench.sourceAdmin, 'table%'), task);
      await interrupted(task);
    } finally {
      await bench.sourceAdmin.query('UNLOCK TABLES');
    }
    assert.equal((await bench.report('dump', 'shop', 6)).error?.name, 'TaskInterrupted');
    assert.deepEqual(await bench.holders('source'), ['another']);
    assert.equal(await bench.unfinishedUploads(), 0);
  });

  await check('an import told to stop ends its statement and says so in its report', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE later; CREATE TABLE later.t (a INT)');
    await freeSlot(bench.slots, 'source', 'another');
    assert.equal((await tasks.run('dump', 'later')).exitCode, 0);
    await bench.targetAdmin.query('LOCK INSTANCE FOR BACKUP');
    try {
      await bench.claim('later', 1);
      const task = await tasks.start('import', 'later');
      await until(() => waits(bench.targetAdmin, 'backup'), task);
      await interrupted(task);
    } finally {
      await bench.targetAdmin.query('UNLOCK INSTANCE');
    }
    assert.equal((await bench.report('import', 'later')).error?.name, 'TaskInterrupted');
  });
}

/** Whether Ferry's account waits for a lock of the administrator. */
async function waits(admin: Connection, lock: string): Promise<boolean> {
  const [processes] = await admin.query<RowDataPacket[]>("SELECT 1 FROM information_schema.PROCESSLIST WHERE USER = 'ferry' AND STATE LIKE ?", [`Waiting for ${lock} lock`]);
  return processes.length > 0;
}

/** Resolves when the task has come far enough for `condition`. */
async function until(condition: () => Promise<boolean>, task: Container): Promise<void> {
  let ended: Ended | undefined;
  void task.ended.then((how) => (ended = how));
  while (!(await condition())) {
    assert.equal(ended, undefined, 'the task ended before it could be told to stop');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
