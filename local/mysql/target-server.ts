/** The target of tests and the demo: MySQL 8 or later, set up like an Aurora MySQL version 3 cluster. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTemplate, initialiseData } from './data-template.ts';
import { isAtLeast } from '../../core/mysql-versions.ts';
import type { MySqlServer } from './install.ts';
import { startServer } from './server-process.ts';
import type { Accounts, RunningServer, StartOptions } from './server-process.ts';

/** Engines that Aurora does not offer; with NO_ENGINE_SUBSTITUTION they end in error 3161, as there. */
const disabledEngines = ['MyISAM', 'MEMORY', 'ARCHIVE', 'BLACKHOLE', 'CSV', 'FEDERATED', 'MRG_MYISAM'];

/**
 * Starts the target on loopback, with TLS. Like Aurora: InnoDB only, binary log and events off, and an account without
 * SUPER and without rights on the schema `mysql`.
 * @throws FerryError ServerUnavailable
 */
export async function startTargetServer(options: StartOptions & { readonly programs: MySqlServer }): Promise<RunningServer> {
  const { programs } = options;
  return startServer(
    {
      name: 'Target MySQL',
      mysqld: programs.mysqld,
      environment: {},
      options: [
        `--disabled-storage-engines=${disabledEngines.join(',')}`,
        '--event-scheduler=OFF',
        '--skip-log-bin',
        '--log-bin-trust-function-creators=ON',
        '--partial-revokes=ON',
        '--max-allowed-packet=1G',
        '--lower-case-table-names=0',
        '--mysqlx=OFF',
        '--secure-file-priv=',
        '--local-infile=OFF',
        '--max-connections=300',
        '--innodb-buffer-pool-size=256M',
        '--table-open-cache=2000',
        '--table-definition-cache=2000',
      ],
      createData: (data) => copyTemplate({ template: programs.dataTemplate, data, log: options.log, make: (folder) => initialiseData(programs.mysqld, folder) }),
      administrator,
      initialSql: (accounts) => accountsSql(accounts, programs.version),
      readAuthority: (data) => readFile(join(data, 'ca.pem'), 'utf8'),
    },
    options,
  );
}

/**
 * The privileges of an Aurora MySQL version 3 master user. Source: Amazon Aurora User Guide, "Master user account
 * privileges"; SET_USER_ID, replaced in MySQL 8.2, is there SET_ANY_DEFINER and ALLOW_NONEXISTENT_DEFINER.
 */
const masterPrivileges = [
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES',
  'CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW',
  'CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, DROP ROLE',
].join(', ');
const masterDynamicPrivileges = ['APPLICATION_PASSWORD_ADMIN', 'CONNECTION_ADMIN', 'ROLE_ADMIN', 'SHOW_ROUTINE', 'XA_RECOVER_ADMIN'].join(', ');

/**
 * Aurora's own administrator. Not `root`: the master user may not make objects of a definer that exists and has
 * SYSTEM_USER, and the definers that come from a source are often root.
 */
const administrator = 'rdsadmin';

function accountsSql(accounts: Accounts, version: string): string[] {
  const definers = isAtLeast(version, 8, 2) ? 'SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER' : 'SET_USER_ID';
  return [
    `CREATE USER 'ferry'@'%' IDENTIFIED BY '${accounts.ferryPassword}';`,
    `GRANT ${masterPrivileges} ON *.* TO 'ferry'@'%' WITH GRANT OPTION;`,
    `GRANT ${masterDynamicPrivileges} ON *.* TO 'ferry'@'%' WITH GRANT OPTION;`,
    `GRANT ${definers} ON *.* TO 'ferry'@'%' WITH GRANT OPTION;`,
    "REVOKE INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER ON mysql.* FROM 'ferry'@'%';",
    `CREATE USER '${administrator}'@'127.0.0.1' IDENTIFIED BY '${accounts.adminPassword}';`,
    `GRANT ALL PRIVILEGES ON *.* TO '${administrator}'@'127.0.0.1' WITH GRANT OPTION;`,
    "DROP USER 'root'@'localhost';",
  ];
}
