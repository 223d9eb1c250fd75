/**
 * How to reach a MySQL server: the JSON of its secret (the shape that Amazon RDS writes, and TLS), and what is made
 * from it for mysql2 and for MySQL's own programs. The password leaves here only into those two.
 */
import type { ConnectionOptions } from 'mysql2';
import { z } from 'zod';
import { FerryError } from './errors.ts';

export const serverAccessSchema = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65535).default(3306),
  username: z.string().min(1),
  password: z.string(),
  /**
   * `verify` checks the certificate against `ca`, or against Amazon's authorities where there is none;
   * `required` encrypts without checking; `disabled` is for servers that know no TLS 1.2 (MySQL 5.5, early 5.6).
   */
  tls: z.enum(['verify', 'required', 'disabled']).default('verify'),
  ca: z.string().optional(),
});

export type ServerAccess = z.infer<typeof serverAccessSchema>;

/** @throws FerryError InvalidInput that names the secret and the field, never a value */
export function parseServerAccess(secretName: string, json: string): ServerAccess {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new FerryError('InvalidInput', `The secret ${secretName} is not JSON.`);
  }
  const parsed = serverAccessSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new FerryError('InvalidInput', `The secret ${secretName} has missing or wrong fields: ${fields}.`);
}

/** Options of mysql2 for this server. Ten seconds to connect: a VPC answers in milliseconds or not at all. */
export function connectionOptions(access: ServerAccess): ConnectionOptions {
  const options: ConnectionOptions = {
    host: access.host,
    port: access.port,
    user: access.username,
    password: access.password,
    connectTimeout: 10_000,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  };
  if (access.tls === 'disabled') return options;
  if (access.tls === 'required') return { ...options, ssl: { rejectUnauthorized: false } };
  return { ...options, ssl: access.ca === undefined ? 'Amazon RDS' : { ca: access.ca, verifyIdentity: false } };
}

/**
 * The `[client]` section of an option file for MySQL's programs, to be written with mode 0600.
 * @param caFile path of a file that holds `access.ca`; needed with `verify`
 */
export function clientOptionFile(access: ServerAccess, caFile: string | undefined): string {
  const lines = [
    '[client]',
    `host=${quotedOption(access.host)}`,
    `port=${access.port}`,
    `user=${quotedOption(access.username)}`,
    `password=${quotedOption(access.password)}`,
    'protocol=tcp',
    `ssl-mode=${{ verify: 'VERIFY_CA', required: 'REQUIRED', disabled: 'DISABLED' }[access.tls]}`,
  ];
  if (access.tls === 'verify' && caFile !== undefined) lines.push(`ssl-ca=${quotedOption(caFile)}`);
  return `${lines.join('\n')}\n`;
}

/** A value of an option file. Source: MySQL Reference Manual, "Using Option Files": the escapes within a quoted value. */
export function quotedOption(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
