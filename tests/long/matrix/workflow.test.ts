/** The way that most take, in one migration: a fleet on MySQL 5.5, and MySQL 8.0, of which Aurora MySQL version 3 is made. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { quoteIdentifier } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { compareFleet } from '../../../local/fleet/compare.ts';
import type { RunningServer } from '../../../local/mysql/server-process.ts';
import { startVersion } from '../../../local/mysql/versions.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { ferry } from '../../integration/cli/ferry.ts';
import { MigratedFleet } from '../../integration/cli/support/migrated-fleet.ts';
import { cache, killed, temporaryFolder } from '../../support/servers.ts';
import { availableOf } from './available.ts';

const [source] = await availableOf(['mysql-5.5']);
const [target] = await availableOf(['mysql-8.0']);

if (source !== undefined && target !== undefined) {
  describe('a fleet on MySQL 5.5 and MySQL 8.0', () => {
    let fleet: MigratedFleet;
    const started = new AsyncDisposableStack();
    after(() => started.disposeAsync());
    before(async () => {
      fleet = await MigratedFleet.open(started, 16, ['--log-bin=changes', '--server-id=1'], { source, target });
      const [first = '', second = ''] = fleet.databases;
      await fleet.onSource(
        `GRANT SELECT, INSERT ON ${quoteIdentifier(first)}.* TO 'shop'@'%' IDENTIFIED BY 'an old secret'`,
        'SET old_passwords = 1',
        `GRANT SELECT ON ${quoteIdentifier(second)}.* TO 'ancient'@'%' IDENTIFIED BY 'an older secret'`,
      );
    });

    async function run(...words: string[]): Promise<string> {
      const { code, stdout, stderr } = await fleet.run(words, words[0] === 'start' ? fleet.databases.join('\n') : undefined);
      assert.equal(code, 0, stderr + stdout);
      return stdout + stderr;
    }

    it('are found fit by the doctor', async () => {
      const said = await run('doctor');
      assert.match(said, /ok +version +MySQL 5\.5\.34/);
      assert.match(said, /ok +performance-schema +performance_schema is off/);
      assert.match(said, /ok +privileges +ferry@127\.0\.0\.1 has what a dump needs/);
      assert.match(said, /ok +privileges +ferry@% has what an import needs/);
      assert.match(said, /warning +tls +The connection to the source is not encrypted/);
    });

    it('are assessed with every reading, and nothing blocks', async () => {
      const also = ['definitions', 'orphan-rows', 'crashed-tables', 'row-sizes', 'json-types'].flatMap((reading) => ['--also', reading]);
      const said = await run('assess', ...fleet.sourceWords, ...fleet.targetWords, '--all', ...also);
      assert.match(said, /MySQL 5\.5\.34-log +NOTHING BLOCKS/);
      assert.match(said, /warning +old-password-hashes\n +account ancient@%/);
      assert.match(said, /warning +metadata-statistics/);
      assert.match(said, /warning +source-tls\n +have_ssl DISABLED/);
      assert.match(said, /converted +storage-engine +16 /);
    });

    it('are migrated with their accounts, and hold the same afterwards', async () => {
      assert.match(await run('start', '--migration', 'spring', '--accounts'), /16 of 16 verified {2}100%/);
      const { differences, tables } = await compareFleet({ source: fleet.source.adminAccess, target: fleet.target.adminAccess, databases: fleet.databases, content: true });
      assert.deepEqual(differences, []);
      assert.ok(tables > 100);
    });

    it('let an account in with its old password, and none whose password is older than MySQL 4.1', async () => {
      const [database = ''] = fleet.databases;
      const connection = await createConnection({ ...connectionOptions(fleet.target.access), user: 'shop', password: 'an old secret', database });
      await connection.query('SHOW TABLES');
      await connection.end();
      const said = await run('accounts', '--migration', 'spring');
      assert.match(said, /ancient@% +1 grant; its password is stored as MySQL before 4\.1 did/);
    });

    it('are verified again with the dumps and with the source, row by row', async () => {
      assert.match(await run('verify', '--migration', 'spring', ...fleet.targetWords), /^16 of 16 databases hold on the target what they should/m);
      assert.match(await run('verify', '--migration', 'spring', ...fleet.targetWords, ...fleet.sourceWords), /^16 of 16 databases hold on the target what they should/m);
    });

    it('have drifted where the source was written to, and nowhere else: at the row', async () => {
      const [changed = ''] = fleet.databases;
      assert.match(await run('drift', '--migration', 'spring', ...fleet.sourceWords), /^16 databases unchanged \(16 by binlog\)\.$/m);
      await fleet.onSource(`UPDATE ${quoteIdentifier(changed)}.customers SET phone = 'changed' WHERE id = 3`);
      const drift = await fleet.run(['drift', '--migration', 'spring', ...fleet.sourceWords]);
      assert.equal(drift.code, 111);
      assert.equal(drift.stdout, `${changed}\n`);
      const verify = await fleet.run(['verify', changed, '--migration', 'spring', ...fleet.targetWords, ...fleet.sourceWords]);
      assert.equal(verify.code, 60);
      assert.match(verify.stdout, /`customers`.*first at `id` 3$/m);
    });

    it('have a certificate', async () => {
      const file = join(fleet.directory, 'certificate.json');
      assert.match(await run('report', '--migration', 'spring', '--json', file), /15 of 16 databases verified and proven.*\n[\s\S]*1 database proven then, and found to differ or to be gone later/);
      assert.match(await readFile(file, 'utf8'), /"5\.5\.34-log"/);
      await run('report', '--check', file);
    });
  });

  describe('a MySQL 5.5 that is to use TLS', () => {
    let directory: string;
    let old: RunningServer;
    const started = new AsyncDisposableStack();
    after(() => started.disposeAsync());
    before(async () => {
      directory = await temporaryFolder(started);
      const start = async (version: VersionName, ...serverOptions: string[]) => killed(started, await startVersion(version, { directory: join(directory, version), serverOptions, ...cache }));
      // Certificates that MySQL 8.0 made for itself.
      const modern = await start(target);
      const data = join(modern.directory, 'data');
      old = await start(source, `--ssl-ca=${join(data, 'ca.pem')}`, `--ssl-cert=${join(data, 'server-cert.pem')}`, `--ssl-key=${join(data, 'server-key.pem')}`);
    });

    it('is named, with what to do, because it speaks TLS 1.0 only', async () => {
      const { port, access } = old;
      const words = ['assess', '--source', `mysql://ferry@127.0.0.1:${port}`, '--source-tls', 'required', '--all'];
      const { code, stderr } = await ferry(words, { directory, environment: { FERRY_SOURCE_PASSWORD: access.password } });
      assert.equal(code, 29, stderr);
      assert.match(stderr, /SourceTlsFailed: .* it knows no TLS 1\.2.* Or say that TLS is `disabled` for it.*unsupported protocol/s);
    });
  });

  describe('MySQL 8.0, reached by TLS, and MySQL 9.7', () => {
    let fleet: MigratedFleet;
    const started = new AsyncDisposableStack();
    after(() => started.disposeAsync());
    before(async () => {
      fleet = await MigratedFleet.open(started, 0, ['--log-bin=changes', '--server-id=1'], { source: target, target: 'mysql-9.7' });
      for (const database of ['one', 'two']) {
        await fleet.onSource(
          `CREATE DATABASE ${database} CHARACTER SET utf8mb4`,
          `CREATE TABLE ${database}.t (id INT PRIMARY KEY AUTO_INCREMENT, tags JSON, name VARCHAR(20), UNIQUE KEY (name))`,
          `INSERT INTO ${database}.t (tags, name) VALUES ('[1]', 'é'), ('{"a": 1.0}', 'ß')`,
        );
      }
      await fleet.onSource("CREATE ROLE readers", "GRANT SELECT ON one.* TO readers", "CREATE USER app@'%' IDENTIFIED WITH caching_sha2_password BY 'a secret' DEFAULT ROLE readers", "GRANT INSERT ON one.t TO app@'%'");
    });

    it('are assessed, migrated with accounts, and unchanged by the binary log', async () => {
      const run = async (words: readonly string[], input?: string): Promise<string> => {
        const { code, stdout, stderr } = await fleet.run(words, input);
        assert.equal(code, 0, stderr + stdout);
        return stdout + stderr;
      };
      assert.match(await run(['assess', ...fleet.sourceWords, ...fleet.targetWords, '--all']), /NOTHING BLOCKS/);
      assert.match(await run(['start', '--migration', 'm', '--accounts'], 'one\ntwo'), /2 of 2 verified {2}100%/);
      const compared = await compareFleet({ source: fleet.source.adminAccess, target: fleet.target.adminAccess, databases: ['one', 'two'], content: true });
      assert.deepEqual(compared.differences, []);
      const connection = await createConnection({ ...connectionOptions(fleet.target.access), user: 'app', password: 'a secret', database: 'one' });
      await connection.query("INSERT INTO t (name) VALUES ('by app')");
      await connection.end();
      assert.match(await run(['drift', '--migration', 'm', ...fleet.sourceWords]), /2 databases unchanged \(2 by binlog\)/);
    });
  });
}
