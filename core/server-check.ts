/**
 * What a task finds when it looks at its server from inside: the report of the stage `check`, which `ferry doctor` starts and
 * judges. It holds facts only, and no secret: grants are reduced to privileges, because MySQL 5.x shows password hashes with them.
 */
import { z } from 'zod';
import { tlsModes } from './server-access.ts';

/** The value of STAGE with which a task looks instead of working. */
export const checkStage = 'check';

/** In the place of a migration's name, which cannot begin with an underscore. */
const doctorPrefix = '_doctor';

export function checkReportKey(checkId: string, server: 'source' | 'target'): string {
  return `${doctorPrefix}/reports/${checkId}/${server}.json`;
}

/** The partition that the task reads from the table, to see that it can. */
export const doctorMigration = doctorPrefix;

/** Variables that a rule of the doctor reads; a server answers those that it has. */
export const checkedVariables = [
  'aurora_version', 'character_set_server', 'collation_server', 'event_scheduler', 'explicit_defaults_for_timestamp', 'foreign_key_checks',
  'innodb_read_only', 'innodb_strict_mode', 'log_bin', 'log_bin_trust_function_creators', 'lower_case_table_names', 'max_allowed_packet',
  'max_connections', 'max_user_connections', 'net_read_timeout', 'net_write_timeout', 'open_files_limit', 'performance_schema', 'read_only', 'sql_mode',
  'system_time_zone', 'table_definition_cache', 'table_open_cache', 'time_zone', 'version', 'version_comment', 'wait_timeout',
] as const;
export type CheckedVariable = (typeof checkedVariables)[number];

export const checkedStatus = ['Max_used_connections', 'Performance_schema_file_instances_lost', 'Threads_connected', 'Threads_running', 'Uptime'] as const;
export type CheckedStatus = (typeof checkedStatus)[number];

/** `GRANT a, b ON on TO … WITH GRANT OPTION`; names of privileges in upper case. */
const grantSchema = z.object({ privileges: z.array(z.string()), on: z.string(), grantOption: z.literal(true).optional() });
export type Grant = z.infer<typeof grantSchema>;

export const serverFactsSchema = z.object({
  /** `user@host` as the server matched it. */
  account: z.string(),
  version: z.string(),
  variables: z.partialRecord(z.enum(checkedVariables), z.string()),
  status: z.partialRecord(z.enum(checkedStatus), z.string()),
  grants: z.array(grantSchema),
  /** What MySQL's partial revokes take from a grant on everything; absent when there are none. */
  revokes: z.array(grantSchema).optional(),
  /** Names of roles granted to the account, as `'role'@'%'`. */
  roles: z.array(z.string()),
  /** Protocol of the task's own connection, `TLSv1.3`; '' when it is not encrypted. */
  tls: z.string(),
  /** What the secret asks to be checked of it; absent from a task of an earlier version. */
  tlsMode: z.enum(tlsModes).optional(),
  /** Users' databases and their tables; null when counting took too long. */
  databases: z.number().nullable(),
  tables: z.number().nullable(),
  secondsToConnect: z.number(),
});
export type ServerFacts = z.infer<typeof serverFactsSchema>;

const failureSchema = z.object({ name: z.string(), message: z.string() });

export const checkReportSchema = z.object({
  server: z.enum(['source', 'target']),
  checkedAt: z.string(),
  /** Why there are no facts. */
  error: failureSchema.optional(),
  facts: serverFactsSchema.optional(),
  /** Why the table could not be read from inside. */
  recordsError: failureSchema.optional(),
  /** Of the source's task: what `mysqldump --version` says, or why it will not do. */
  client: z.string().optional(),
  clientError: failureSchema.optional(),
});
export type CheckReport = z.infer<typeof checkReportSchema>;
