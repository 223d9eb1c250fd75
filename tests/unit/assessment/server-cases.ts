/** Each check of the servers: facts in which it finds something, and what that is. */
import type { Servers } from '../../../core/assessment/facts.ts';
import { servers } from './facts.ts';

const account = { account: 'old@%', plugin: 'mysql_native_password', oldHash: false, serverPrivileges: [] };

export const serverCases: Readonly<Record<string, { readonly servers: Servers; readonly expected: readonly string[] }>> = {
  'source-version': { servers: servers({ version: '5.1.73' }), expected: [': version 5.1.73'] },
  'target-version': { servers: servers({}, { version: '10.11.6-MariaDB' }), expected: [': version 10.11.6-MariaDB'] },
  'server-sql-mode': { servers: servers({ variables: { sql_mode: 'ANSI_QUOTES' } }, { variables: { sql_mode: 'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY' } }), expected: [': only on the target: STRICT_TRANS_TABLES, ONLY_FULL_GROUP_BY', ': only on the source: ANSI_QUOTES'] },
  'lower-case-table-names': { servers: servers({ variables: { lower_case_table_names: '1' } }), expected: [': 1 on the source, 0 on the target'] },
  'case-only-databases': { servers: servers({ facts: { databases: new Set(['Shop', 'shop', 'crm']) } }), expected: ['databases Shop, shop'] },
  'copied-folders': { servers: servers({ facts: { databases: new Set(['shop', '#mysql50#lost+found']) } }), expected: ['database #mysql50#lost+found'] },
  'time-zone-tables': { servers: servers({}, { facts: { timeZones: false } }), expected: [''] },
  'time-zone': { servers: servers({ variables: { system_time_zone: 'CET' } }), expected: [': CET on the source, UTC on the target'] },
  'source-tls': { servers: servers({ variables: { have_ssl: 'DISABLED', tls_version: 'TLSv1,TLSv1.1' } }), expected: [': have_ssl DISABLED; tls_version TLSv1,TLSv1.1'] },
  'old-password-hashes': { servers: servers({ facts: { accounts: [{ ...account, oldHash: true }] } }), expected: ['account old@%'] },
  'authentication-plugins': { servers: servers({ facts: { accounts: [{ ...account, plugin: 'auth_socket' }, { ...account, plugin: '' }] } }), expected: ['account old@%: plugin auth_socket'] },
  'server-privileges': { servers: servers({ facts: { accounts: [{ ...account, serverPrivileges: ['SUPER'] }, { ...account, account: 'mysql.session@localhost', serverPrivileges: ['SUPER'] }] } }), expected: ['account old@%: SUPER'] },
  'character-set-defaults': { servers: servers({}, { variables: { character_set_server: 'utf8mb4', collation_server: 'utf8mb4_0900_ai_ci' } }), expected: ['variable character_set_server: utf8 on the source, utf8mb4 on the target', 'variable collation_server: utf8_general_ci on the source, utf8mb4_0900_ai_ci on the target'] },
  'performance-schema-overflow': { servers: servers({ facts: { status: new Map([['performance_schema_file_instances_lost', '9']]) } }), expected: ['status performance_schema_file_instances_lost: 9'] },
  'metadata-statistics': { servers: servers({ variables: { innodb_stats_on_metadata: 'ON' } }), expected: [''] },
  'binary-log': { servers: servers({ variables: { binlog_format: 'STATEMENT' } }), expected: [': binlog_format is STATEMENT'] },
  'max-allowed-packet': { servers: servers({}, { variables: { max_allowed_packet: '16777216' } }), expected: [': 16777216 bytes on the source, 16777216 on the target, where 33554432 are needed'] },
  'target-parameters': { servers: servers({}, { variables: { innodb_strict_mode: 'ON', table_open_cache: '2000' } }), expected: ['parameter innodb_strict_mode: is ON, wanted OFF: old tables with rows of more than 8 KB are refused while it is on', 'parameter table_open_cache: is 2000, wanted 4000 or more: a fleet has many tables'] },
  'function-creators': { servers: servers({}, { variables: { log_bin: 'ON' } }), expected: [''] },
  'definer-privilege': { servers: servers({}, { facts: { grants: ['GRANT SELECT ON *.* TO x', 'GRANT SUPER ON `a`.* TO x'] } }), expected: [''] },
  'source-grants': { servers: servers({ facts: { grants: ['GRANT SELECT, LOCK TABLES, SHOW VIEW ON *.* TO x', 'GRANT ALL PRIVILEGES ON `a`.* TO x'] } }), expected: [': TRIGGER, EVENT, EXECUTE, PROCESS'] },
  'loadable-functions': { servers: servers({ facts: { loadableFunctions: ['lib_mysqludf'] } }), expected: ['function lib_mysqludf'] },
  'prepared-transactions': { servers: servers({ facts: { preparedTransactions: ["'order 17'"] } }), expected: ["transaction 'order 17'"] },
  'table-count': { servers: servers({}, {}, 10_001), expected: [': 10001 tables'] },
};
