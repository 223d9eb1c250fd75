import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { FerryError } from '../../../core/errors.ts';
import { clientOptionFile } from '../../../core/server-access.ts';
import type { MySqlPrograms } from '../../../local/mysql/install.ts';
import { startSourceServer } from '../../../local/mysql/source-server.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { installPrograms, killed, log, temporaryFolder } from '../../support/servers.ts';
import { query } from '../../support/query.ts';

let directory: string;
let programs: MySqlPrograms;
let source: RunningServer;
let target: RunningServer;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

before(async () => {
  directory = await temporaryFolder(started);
  programs = await installPrograms();
  [source, target] = await Promise.all([
    startSourceServer({ directory: join(directory, 'source'), log }).then((server) => killed(started, server)),
    startTargetServer({ directory: join(directory, 'target'), log, programs }).then((server) => killed(started, server)),
  ]);
});

describe('the source server', () => {
  it('is MySQL 5.6 and lets the ferry account read but not write', async () => {
    assert.match(source.version, /^5\.6\./);
    await query(source.adminAccess, 'CREATE DATABASE shop', 'CREATE TABLE shop.orders (id INT) ENGINE=MyISAM', 'INSERT INTO shop.orders VALUES (7)');
    assert.deepEqual(await query(source.access, 'SELECT id FROM shop.orders'), [{ id: 7 }]);
    await assert.rejects(query(source.access, 'INSERT INTO shop.orders VALUES (8)'), { code: 'ER_TABLEACCESS_DENIED_ERROR' });
    await assert.rejects(query(source.access, 'CREATE DATABASE other'), { code: 'ER_DBACCESS_DENIED_ERROR' });
  });

  it('can be dumped completely by the mysqldump that comes with the target, as the ferry account', async () => {
    await query(
      source.adminAccess,
      'CREATE DATABASE clinic',
      'CREATE TABLE clinic.patients (id INT PRIMARY KEY, born DATE) ENGINE=InnoDB',
      'CREATE TRIGGER clinic.before_patient BEFORE INSERT ON clinic.patients FOR EACH ROW SET NEW.born = COALESCE(NEW.born, 19700101)',
      'CREATE PROCEDURE clinic.purge() DELETE FROM clinic.patients',
      'CREATE EVENT clinic.nightly ON SCHEDULE EVERY 1 DAY DO CALL clinic.purge()',
      'CREATE VIEW clinic.everyone AS SELECT id FROM clinic.patients',
    );
    const optionFile = join(directory, 'source.cnf');
    await writeFile(optionFile, clientOptionFile(source.access, undefined), { mode: 0o600 });
    const { stdout } = await promisify(execFile)(programs.mysqldump, [
      `--defaults-file=${optionFile}`,
      ...['--column-statistics=0', '--set-gtid-purged=OFF', '--no-tablespaces', '--routines', '--events', '--single-transaction', '--databases', 'clinic'],
    ]);
    for (const object of ['TABLE `patients`', 'TRIGGER clinic.before_patient', 'PROCEDURE `purge`', 'EVENT `nightly`', 'VIEW `everyone`', '-- Dump completed']) {
      assert.ok(stdout.includes(object), `the dump lacks ${object}`);
    }
  });
});

describe('the target server', () => {
  it('is MySQL 8 or later and speaks TLS that its own authority vouches for', async () => {
    assert.ok(Number.parseInt(target.version) >= 8);
    assert.equal(target.access.tls, 'verify-ca');
    const rows = await query(target.access, "SHOW SESSION STATUS LIKE 'Ssl_version'");
    assert.match(String(rows[0]?.['Value']), /^TLSv1\.[23]$/);
    await assert.rejects(query({ ...target.access, ca: undefined }, 'SELECT 1'));
  });

  it('refuses MyISAM as Aurora does', async () => {
    await query(target.access, 'CREATE DATABASE engines');
    await assert.rejects(query(target.access, "SET sql_mode = 'NO_ENGINE_SUBSTITUTION'", 'CREATE TABLE engines.t (id INT) ENGINE=MyISAM'), { errno: 3161 });
  });

  it('gives the ferry account what an Aurora master user has: foreign definers, but no SUPER and no mysql.*', async () => {
    await query(target.access, 'CREATE DATABASE definers', "CREATE DEFINER='gone'@'host' VIEW definers.v AS SELECT 1 AS one");
    await assert.rejects(query(target.access, 'SET GLOBAL innodb_flush_log_at_trx_commit = 0'), { code: 'ER_SPECIFIC_ACCESS_DENIED_ERROR' });
    await assert.rejects(query(target.access, 'DELETE FROM mysql.user'), { code: 'ER_TABLEACCESS_DENIED_ERROR' });
    await assert.rejects(query(target.access, 'SET SESSION sql_log_bin = 0'), { code: 'ER_SPECIFIC_ACCESS_DENIED_ERROR' });
  });

  it('keeps data and accounts when it is killed and started again on the same folder and port', async () => {
    await query(target.access, 'CREATE DATABASE kept', 'CREATE TABLE kept.t (id INT PRIMARY KEY)', 'INSERT INTO kept.t VALUES (1)');
    const { port, access } = target;
    await target.kill();
    await assert.rejects(query(access, 'SELECT 1'), { code: 'ECONNREFUSED' });
    target = killed(started, await startTargetServer({ directory: join(directory, 'target'), port, log, programs }));
    assert.equal(target.port, port);
    assert.deepEqual(await query(access, 'SELECT id FROM kept.t'), [{ id: 1 }]);
  });

  it('is not started twice on one folder', async () => {
    const again = startTargetServer({ directory: join(directory, 'target'), log, programs });
    await assert.rejects(again, (error: unknown) => error instanceof FerryError && error.name === 'ServerUnavailable' && error.message.includes(join(directory, 'target')));
  });
});

describe('a server whose starter is killed', () => {
  it('ends, and the folder can be used again', async () => {
    const folder = join(directory, 'orphaned');
    const module = new URL('../../../local/mysql/source-server.ts', import.meta.url).href;
    const program = `const { startSourceServer } = await import(${JSON.stringify(module)});
      const server = await startSourceServer({ directory: ${JSON.stringify(folder)}, log: () => {} });
      console.log(server.pid); setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(starter.stdout, 'data')).map(Number) as [number];
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    const server = await startSourceServer({ directory: folder, log });
    try {
      assert.notEqual(server.pid, pid);
      // Gone, or a zombie where nobody reaps the orphan.
      assert.match(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z'), /\) Z/);
      assert.deepEqual(await query(server.access, "SELECT 'up' AS answer"), [{ answer: 'up' }]);
    } finally {
      await server.stop();
    }
  });
});

describe('what cannot be started', () => {
  it('is reported with what the error log says', async () => {
    const starting = startSourceServer({ directory: join(directory, 'broken'), log, serverOptions: ['--no-such-option=1'] });
    await assert.rejects(starting, (error: unknown) => error instanceof FerryError && error.name === 'ServerUnavailable' && error.message.includes('no-such-option'));
  });
});
