/** Both servers with a database `shop` that has been dumped, for tests of what goes wrong. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import type { RowDataPacket } from 'mysql2/promise';
import type { Manifest } from '../../../core/contracts.ts';
import { errorKinds } from '../../../core/errors.ts';
import { manifestKey } from '../../../core/names.ts';
import { Bench, migration } from './bench.ts';

export class Shop {
  readonly bench: Bench;

  private constructor(bench: Bench) {
    this.bench = bench;
  }

  /** What it starts is stopped with `started`. */
  static async open(started: AsyncDisposableStack): Promise<Shop> {
    const bench = await Bench.start(started);
    await bench.sourceAdmin.query(`CREATE DATABASE shop; CREATE TABLE shop.items (id INT PRIMARY KEY, name VARCHAR(20)) ENGINE=InnoDB;
      INSERT INTO shop.items VALUES (1, 'one'), (2, 'two')`);
    assert.equal((await bench.run('dump', 'shop')).exitCode, 0);
    return new Shop(bench);
  }

  /** A dump as `shop` with other content: each is stored under a database name of its own. */
  async handMadeDump(database: string, sql: string | Buffer, change: (manifest: Manifest) => Manifest = (manifest) => manifest): Promise<void> {
    const object = zstdCompressSync(sql);
    const key = `${migration}/dumps/${database}/1/dump.sql.zst`;
    const sha256 = createHash('sha256').update(object).digest('hex');
    await this.bench.put(key, object);
    const manifest = await this.bench.manifest('shop');
    delete manifest.tables;
    const parts: Manifest['parts'] = [{ role: 'main', key, compression: 'zstd', bytes: object.length, sha256, sqlBytes: sql.length }];
    await this.bench.put(manifestKey(migration, database, 1), JSON.stringify(change({ ...manifest, database, parts })));
  }

  async tablesOnTarget(database: string): Promise<string[]> {
    const [rows] = await this.bench.targetAdmin.query<RowDataPacket[]>('SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1', [database]);
    return rows.map(({ name }) => String(name));
  }

  /** Runs a stage that fails. */
  async failure(stage: 'dump' | 'import' | 'verify', database: string, overrides: Record<string, string> = {}, attempt = 1): Promise<{ name: string; message: string }> {
    const ended = await this.bench.run(stage, database, attempt, overrides);
    const { error, result } = await this.bench.report(stage, database, attempt);
    assert.ok(error !== undefined && result === undefined, `${stage} of ${database} reported success: ${ended.stderr}`);
    assert.equal(ended.exitCode, errorKinds[error.name as keyof typeof errorKinds].exitCode);
    return error;
  }

  /** A folder with a program `mysqldump` that runs this shell script. */
  async program(script: string): Promise<string> {
    const folder = join(this.bench.programsFolder, `fake-${createHash('md5').update(script).digest('hex')}`);
    await mkdir(folder);
    await writeFile(join(folder, 'mysqldump'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'mysqldump'), 0o755);
    return folder;
  }
}
