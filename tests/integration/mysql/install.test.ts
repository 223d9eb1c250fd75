import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { installTargetServer, mysqlCacheDirectory, mysqlVersion } from '../../../local/mysql/install.ts';
import { installFromMaven, mysql55 } from '../../../local/mysql/maven-archive.ts';

const log = (): void => undefined;
let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ferry-install-'));
});

after(() => rm(directory, { recursive: true, force: true }));

describe('installTargetServer', () => {
  const cacheDirectory = mysqlCacheDirectory(process.env);

  it('gives programs that run, and finds them again without fetching', async () => {
    const messages: string[] = [];
    await installTargetServer({ cacheDirectory, log });
    const programs = await installTargetServer({ cacheDirectory, log: (message) => messages.push(message) });
    for (const program of [programs.mysqld, programs.mysqldump, programs.mysql, programs.mysqladmin]) assert.equal(await mysqlVersion(program), programs.version);
    assert.ok(Number.parseInt(programs.version) >= 8);
    assert.deepEqual(messages, []);
  });

  it('takes a complete MySQL of PATH instead', async () => {
    const searchPath = await folderOf({ mysqld: ' Ver 8.0.36 for Linux', mysqldump: ' Ver 8.0.36 for Linux', mysql: ' Ver 8.0.36 for Linux', mysqladmin: ' Ver 8.0.36' });
    const programs = await installTargetServer({ cacheDirectory, log, searchPath });
    assert.equal(programs.version, '8.0.36');
    assert.equal(programs.mysqldump, join(searchPath, 'mysqldump'));
  });

  it("passes over MariaDB, an old MySQL, and a server without its clients", async () => {
    const mariadb = ' Ver 10.11.6-MariaDB for debian-linux-gnu';
    const old = ' Ver 14.14 Distrib 5.7.44, for Linux';
    const incomplete = { mysqld: ' Ver 8.0.36 for Linux' };
    for (const said of [{ mysqld: mariadb, mysqldump: mariadb, mysql: mariadb, mysqladmin: mariadb }, { mysqld: old, mysqldump: old, mysql: old, mysqladmin: old }, incomplete]) {
      const searchPath = await folderOf(said);
      assert.ok(!(await installTargetServer({ cacheDirectory, log, searchPath })).mysqldump.startsWith(searchPath));
    }
  });
});

describe('installFromMaven', () => {
  it('keeps nothing of an archive whose hash is not the pinned one', async () => {
    const archive = zipSync({ 'bin/mysqld': strToU8('#!/bin/sh\n'), 'docs/x': strToU8('x') });
    const server = createServer((_, response) => response.end(archive)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const cacheDirectory = join(directory, 'maven');
    const wanted = { ...mysql55, url: `http://127.0.0.1:${port}/mysql.zip`, sha256: '0'.repeat(64) };
    const met = createHash('sha256').update(archive).digest('hex');
    await assert.rejects(installFromMaven(wanted, { cacheDirectory, log }), { name: 'ServerUnavailable', message: new RegExp(`${wanted.url} has the SHA-256 ${met}, and not 0{64}`) });
    assert.deepEqual((await readdir(cacheDirectory)).filter((name) => !name.startsWith('install.lock')), []);
    server.close();
    await once(server, 'close');
    await assert.rejects(installFromMaven(wanted, { cacheDirectory, log }), { name: 'ServerUnavailable', message: /cannot be reached: .*ECONNREFUSED/ });
  });
});

async function folderOf(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(directory, 'path-'));
  for (const [name, said] of Object.entries(programs)) await writeFile(join(folder, name), `#!/bin/sh\necho '${name} ${said}'\n`, { mode: 0o755 });
  return folder;
}
