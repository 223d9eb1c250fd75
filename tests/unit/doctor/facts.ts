/** Servers as a task tells of them: a MySQL 5.6 and an Aurora MySQL 3 that are as they should be. */
import type { ServerFacts } from '../../../core/server-check.ts';

export interface FactChanges extends Partial<Omit<ServerFacts, 'variables' | 'status'>> {
  readonly variables?: ServerFacts['variables'];
  readonly status?: ServerFacts['status'];
}

export function source(changes: FactChanges = {}): ServerFacts {
  return merge(
    {
      account: 'ferry@10.%',
      version: '5.6.24-log',
      variables: {
        character_set_server: 'utf8mb4', collation_server: 'utf8mb4_general_ci', explicit_defaults_for_timestamp: 'ON', foreign_key_checks: 'ON',
        lower_case_table_names: '0', max_allowed_packet: '67108864', max_connections: '500', net_write_timeout: '60', open_files_limit: '65535',
        performance_schema: 'ON', sql_mode: 'NO_ENGINE_SUBSTITUTION', system_time_zone: 'UTC', table_open_cache: '2000', time_zone: 'SYSTEM', version: '5.6.24-log',
      },
      status: { Performance_schema_file_instances_lost: '0', Threads_connected: '20', Uptime: '99' },
      grants: [{ privileges: ['SELECT', 'LOCK TABLES', 'SHOW VIEW', 'TRIGGER', 'EVENT', 'EXECUTE', 'PROCESS', 'REPLICATION CLIENT'], on: '*.*' }],
      roles: [],
      tls: 'TLSv1.2',
      tlsMode: 'verify',
      databases: 40,
      tables: 1_200,
      secondsToConnect: 0.01,
    },
    changes,
  );
}

export function target(changes: FactChanges = {}): ServerFacts {
  return merge(
    {
      account: 'admin@%',
      version: '8.0.36',
      variables: {
        aurora_version: '3.08.0', character_set_server: 'utf8mb4', collation_server: 'utf8mb4_general_ci', event_scheduler: 'OFF', explicit_defaults_for_timestamp: 'ON',
        foreign_key_checks: 'ON', innodb_read_only: 'OFF', innodb_strict_mode: 'OFF', log_bin: 'OFF', log_bin_trust_function_creators: 'OFF', lower_case_table_names: '0',
        max_allowed_packet: '1073741824', max_connections: '1000', net_read_timeout: '30', read_only: 'OFF', sql_mode: 'NO_ENGINE_SUBSTITUTION', system_time_zone: 'UTC',
        time_zone: 'UTC', version: '8.0.36', wait_timeout: '28800',
      },
      status: { Threads_connected: '12' },
      grants: [
        { privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'PROCESS', 'REFERENCES', 'INDEX', 'ALTER', 'CREATE VIEW', 'SHOW VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'EVENT', 'TRIGGER'], on: '*.*' },
        { privileges: ['SET_USER_ID'], on: '*.*' },
      ],
      roles: ['`rds_superuser_role`@`%`'],
      tls: 'TLSv1.3',
      tlsMode: 'verify',
      databases: 0,
      tables: 0,
      secondsToConnect: 0.01,
    },
    changes,
  );
}

function merge(facts: ServerFacts, changes: FactChanges): ServerFacts {
  return { ...facts, ...changes, variables: { ...facts.variables, ...changes.variables }, status: { ...facts.status, ...changes.status } };
}
