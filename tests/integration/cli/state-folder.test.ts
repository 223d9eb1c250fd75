/** What an operator is told of a state folder, or of a file in it, that cannot be used: which one, what is wrong with it, and what to do. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { errorKinds, FerryError } from '../../../core/errors.ts';
import type { ErrorName } from '../../../core/errors.ts';
import { openDatabase } from '../../../local/storage/open-database.ts';
import { ferry } from './ferry.ts';

const servers = ['--source', 'mysql://ferry@127.0.0.1:1', '--source-tls', 'disabled', '--target', 'mysql://ferry@127.0.0.1:1', '--target-tls', 'disabled'];
const environment = { FERRY_SOURCE_PASSWORD: '', FERRY_TARGET_PASSWORD: '' };

/** Makes what stands in the place of `path`. */
const obstacles = {
  file: (path) => writeFile(path, 'no SQLite file, and no folder; long enough to have a header. '.repeat(4)),
  folder: (path) => mkdir(path),
  'dangling link': (path) => symlink('/nowhere/at/all', path),
  'circle of links': (path) => symlink(path, path),
  // The file of a socket stays only while somebody listens: closed with the test's process, it would be removed.
  socket: (path) =>
    new Promise<void>((resolve) => {
      createServer().listen(path, resolve).unref();
    }),
} as const satisfies Record<string, (path: string) => Promise<unknown>>;

describe('a state folder that cannot be used', { concurrency: 2 }, () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-state-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  let count = 0;
  async function tells(place: string, kind: keyof typeof obstacles, words: readonly string[], name: ErrorName): Promise<void> {
    count += 1;
    const state = join(directory, `state-${count}`);
    const path = place === '' ? state : join(state, place);
    await mkdir(dirname(path), { recursive: true });
    await obstacles[kind](path);
    const { code, stdout, stderr } = await ferry([...words, '--state', state], { directory, environment });
    assert.equal(code, errorKinds[name].exitCode, stderr);
    assert.ok(stderr.includes(`ferry: ${name}: ${path}`), stderr);
    assert.ok(stderr.includes(`Remedy: ${errorKinds[name].remedy}`), stderr);
    assert.doesNotMatch(stderr, /defect|InternalError|^ +at /m);
    assert.equal(stdout, '');
  }

  const local = ['local', ...servers];
  const migrate = ['migrate', ...servers, 'crm'];
  for (const kind of ['file', 'dangling link', 'circle of links', 'socket'] as const) {
    it(`is a ${kind}`, () => tells('', kind, local, 'FileUnusable'));
  }
  for (const kind of ['folder', 'dangling link', 'socket'] as const) {
    it(`has a lock that is a ${kind}`, () => tells('lock', kind, local, 'FileUnusable'));
  }
  it('has a lock that is something else', () => tells('lock', 'file', local, 'StateDamaged'));
  it('has a file in the place of a folder', () => tells('logs', 'file', local, 'FileUnusable'));
  it('is told by every command that has a runtime of its own', () => tells('', 'file', migrate, 'FileUnusable'));
  for (const kind of ['folder', 'circle of links', 'socket'] as const) {
    it(`has a runtime.json that is a ${kind}`, () => tells('runtime.json', kind, ['status'], 'FileUnusable'));
  }
  it('is told by commands that look for a runtime', () => tells('', 'file', ['status'], 'FileUnusable'));
});

describe('a SQLite file that cannot be used', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-sqlite-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const schema = 'CREATE TABLE IF NOT EXISTS items (key TEXT PRIMARY KEY, value TEXT)';
  const names = (file: string, error: ErrorName, work: () => unknown): void => {
    assert.throws(work, (thrown) => {
      const failure = FerryError.from(thrown);
      assert.equal(failure.name, error, failure.message);
      assert.ok(failure.message.startsWith(file), failure.message);
      return true;
    });
  };

  for (const [kind, error] of [['file', 'StateDamaged'], ['folder', 'FileUnusable'], ['dangling link', 'FileUnusable'], ['socket', 'FileUnusable']] as const) {
    it(`because it is a ${kind}, is named when it is opened`, async () => {
      const file = join(directory, kind.replaceAll(' ', '-'));
      await obstacles[kind](file);
      names(file, error, () => openDatabase(file, schema));
    });
  }

  it('because it is of another program, is named too', () => {
    const file = join(directory, 'other.sqlite');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE items (name TEXT)');
    other.close();
    names(file, 'StateDamaged', () => openDatabase(file, schema).prepare('SELECT value FROM items'));
  });

  it('because it was damaged, is named when it is read', async () => {
    const file = join(directory, 'damaged.sqlite');
    const whole = openDatabase(file, schema);
    const insert = whole.prepare('INSERT INTO items VALUES (?, ?)');
    for (let key = 0; key < 2_000; key += 1) insert.run(String(key), 'x'.repeat(100));
    whole.close();
    const damaged = new DatabaseSync(file);
    const { page_size: pageBytes } = damaged.prepare('PRAGMA page_size').get() as { page_size: number };
    damaged.close();
    const handle = await open(file, 'r+');
    await handle.write(Buffer.alloc(20 * pageBytes, 0xff), 0, 20 * pageBytes, 5 * pageBytes);
    await handle.close();
    const opened = openDatabase(file, schema);
    names(file, 'StateDamaged', () => opened.prepare('SELECT * FROM items ORDER BY value').all());
    opened.close();
  });
});
