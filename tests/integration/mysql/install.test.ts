import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { installTargetServer, mysqlCacheDirectory, mysqlVersion } from '../../../local/mysql/install.ts';

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

async function folderOf(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(directory, 'path-'));
  for (const [name, said] of Object.entries(programs)) await writeFile(join(folder, name), `#!/bin/sh\necho '${name} ${said}'\n`, { mode: 0o755 });
  return folder;
}
