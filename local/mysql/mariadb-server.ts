/** A legacy source of tests that is MariaDB, from Debian's archive. */
import { join } from 'node:path';
import { sourceGrant } from '../../core/privileges/needed.ts';
import { bootstrapData, copyTemplate } from './data-template.ts';
import { debianMariaDb } from './debian-archive.ts';
import { installFromDebian } from './install.ts';
import type { CacheOptions, InstalledServer } from './server-cache.ts';
import { startServer } from './server-process.ts';
import type { Accounts, RunningServer, StartOptions } from './server-process.ts';

/**
 * Takes milliseconds once cached.
 * @throws FerryError ServerUnavailable
 */
export function installMariaDb(options: CacheOptions): Promise<InstalledServer> {
  return installFromDebian(debianMariaDb, options);
}

/**
 * Starts MariaDB on loopback, without TLS.
 * @throws FerryError ServerUnavailable
 */
export async function startMariaDbServer(options: StartOptions & { readonly installed: InstalledServer }): Promise<RunningServer> {
  const { installed } = options;
  return startServer(
    {
      name: 'Source MariaDB',
      mysqld: join(installed.directory, 'bin', 'mysqld'),
      environment: {},
      options: [
        '--character-set-server=latin1',
        '--collation-server=latin1_swedish_ci',
        '--sql-mode=NO_ENGINE_SUBSTITUTION',
        '--max-allowed-packet=1G',
        '--innodb-buffer-pool-size=64M',
        '--innodb-flush-log-at-trx-commit=2',
        '--skip-log-bin',
      ],
      createData: (data) =>
        copyTemplate({ template: join(installed.directory, 'data'), data, log: options.log, make: (folder) => initialise(installed, folder) }),
      administrator: 'root',
      initialSql: accountsSql,
      readAuthority: () => Promise.resolve(undefined),
    },
    options,
  );
}

function initialise({ directory }: InstalledServer, data: string): Promise<void> {
  const scripts = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql'];
  return bootstrapData(
    {
      mysqld: join(directory, 'bin', 'mysqld'),
      options: ['--log-warnings=0'],
      first: ['SET @auth_root_socket = NULL;'],
      scripts: scripts.map((name) => join(directory, 'usr', 'share', 'mysql', name)),
    },
    data,
  );
}

/** The grants of the MySQL source; `REPLICATION CLIENT` is called BINLOG MONITOR here, and its old name is understood. */
function accountsSql(accounts: Accounts): string[] {
  return [
    "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> '127.0.0.1');",
    'FLUSH PRIVILEGES;',
    `CREATE OR REPLACE USER 'root'@'127.0.0.1' IDENTIFIED BY '${accounts.adminPassword}';`,
    "GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
    `CREATE USER 'ferry'@'127.0.0.1' IDENTIFIED BY '${accounts.ferryPassword}';`,
    `${sourceGrant("'ferry'@'127.0.0.1'")};`,
  ];
}
