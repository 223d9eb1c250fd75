/** The target of tests and the demo: MySQL 8 or later, set up like an Aurora MySQL version 3 cluster. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTemplate } from './data-template.ts';
import type { MySqlPrograms } from './install.ts';
import { runProgram } from './programs.ts';
import { startServer } from './server-process.ts';
import type { Accounts, RunningServer, StartOptions } from './server-process.ts';

/** Engines that Aurora does not offer; with NO_ENGINE_SUBSTITUTION they end in error 3161, as there. */
const disabledEngines = ['MyISAM', 'MEMORY', 'ARCHIVE', 'BLACKHOLE', 'CSV', 'FEDERATED', 'MRG_MYISAM'];

/**
 * Starts the target on loopback, with TLS. Like Aurora: InnoDB only, binary log and events off, and an account without
 * SUPER and without rights on the schema `mysql`.
 * @throws FerryError ServerUnavailable
 */
export async function startTargetServer(options: StartOptions & { readonly programs: MySqlPrograms }): Promise<RunningServer> {
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
      createData: (data) => copyTemplate({ template: programs.dataTemplate, data, log: options.log, make: (folder) => initialise(programs, folder) }),
      administrator,
      initialSql: accountsSql,
      readAuthority: (data) => readFile(join(data, 'ca.pem'), 'utf8'),
    },
    options,
  );
}

async function initialise(programs: MySqlPrograms, data: string): Promise<void> {
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  await runProgram(programs.mysqld, ['--no-defaults', '--initialize-insecure', ...asRoot, `--datadir=${data}`, '--lower-case-table-names=0']);
  await rm(join(data, 'auto.cnf'), { force: true });
}

/**
 * The privileges of an Aurora MySQL version 3 master user. Source: Amazon Aurora User Guide, "Master user account
 * privileges"; SET_USER_ID, removed in MySQL 8.4, is there SET_ANY_DEFINER and ALLOW_NONEXISTENT_DEFINER.
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

function accountsSql(accounts: Accounts): string[] {
  return [
    `CREATE USER 'ferry'@'%' IDENTIFIED BY '${accounts.ferryPassword}';`,
    `GRANT ${masterPrivileges} ON *.* TO 'ferry'@'%' WITH GRANT OPTION;`,
    `GRANT ${masterDynamicPrivileges} ON *.* TO 'ferry'@'%' WITH GRANT OPTION;`,
    // An executable comment: the older versions, which do not know these names, skip it.
    "/*!80200 GRANT SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER ON *.* TO 'ferry'@'%' WITH GRANT OPTION */;",
    "REVOKE INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER ON mysql.* FROM 'ferry'@'%';",
    `CREATE USER '${administrator}'@'127.0.0.1' IDENTIFIED BY '${accounts.adminPassword}';`,
    `GRANT ALL PRIVILEGES ON *.* TO '${administrator}'@'127.0.0.1' WITH GRANT OPTION;`,
    "DROP USER 'root'@'localhost';",
  ];
}
