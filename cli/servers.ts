/** The two MySQL servers of a local runtime, as an operator names them: URLs without passwords, and TLS. */
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import { authentications, iamFlaw, tlsModes } from '../core/server-access.ts';
import type { ServerAccess } from '../core/server-access.ts';
import type { OptionSpec } from './command-line.ts';
import type { Context } from './context.ts';
import { readNamedFile } from './files/read-whole.ts';
import { promptPassword } from './terminal/prompt.ts';

export type ServerRole = 'source' | 'target';

const tlsHelp = 'verify (the default: chain and host name), verify-ca (chain alone), required (encrypted, not checked), or disabled.';
const authHelp = 'password (the default), or iam: a token of AWS IAM for each connection, made with your credentials.';

export const serverOptions: Readonly<Record<string, OptionSpec>> = {
  source: { value: 'URL', help: 'The legacy server: mysql://USER@HOST[:PORT]. Its password comes from FERRY_SOURCE_PASSWORD, or is asked for.' },
  target: { value: 'URL', help: 'The Aurora cluster: mysql://USER@HOST[:PORT]. Its password comes from FERRY_TARGET_PASSWORD, or is asked for.' },
  'source-tls': { value: 'MODE', help: tlsHelp },
  'target-tls': { value: 'MODE', help: tlsHelp },
  'source-auth': { value: 'MODE', help: authHelp },
  'target-auth': { value: 'MODE', help: authHelp },
  'source-ca': { value: 'FILE', help: "Authorities that the source's certificate is checked against (Amazon's)." },
  'target-ca': { value: 'FILE', help: "Authorities that the target's certificate is checked against (Amazon's)." },
};

const tlsMode = z.enum(tlsModes, 'must be verify, verify-ca, required or disabled').default('verify');
const authentication = z.enum(authentications, 'must be password or iam').default('password');

export const serverShape = {
  source: z.string().optional(),
  target: z.string().optional(),
  'source-tls': tlsMode,
  'target-tls': tlsMode,
  'source-auth': authentication,
  'target-auth': authentication,
  'source-ca': z.string().optional(),
  'target-ca': z.string().optional(),
};
export type ServerOptions = z.infer<z.ZodObject<typeof serverShape>>;

export interface Servers {
  readonly source: ServerAccess;
  readonly target: ServerAccess;
}

/** The options that are about one server, for commands that have no use for the other. */
export function optionsOf(role: ServerRole): Readonly<Record<string, OptionSpec>> {
  return Object.fromEntries(Object.entries(serverOptions).filter(([name]) => name === role || name.startsWith(`${role}-`)));
}

/** @throws FerryError InvalidInput for a missing or wrong URL, one with a password, and for an unreadable CA file */
export async function readServers(context: Context, options: ServerOptions): Promise<Servers> {
  // Both are checked before a password is asked for.
  const urls = { source: parseServerUrl('source', options.source), target: parseServerUrl('target', options.target) };
  return {
    source: await readServer(context, 'source', urls.source, options),
    target: await readServer(context, 'target', urls.target, options),
  };
}

/** One server alone, for commands to which the other is none. @throws as `readServers` */
export function readOneServer(context: Context, role: ServerRole, options: ServerOptions): Promise<ServerAccess> {
  return readServer(context, role, parseServerUrl(role, options[role]), options);
}

async function readServer(context: Context, role: ServerRole, url: ServerUrl, options: ServerOptions): Promise<ServerAccess> {
  const [tls, caFile] = [options[`${role}-tls`], options[`${role}-ca`]];
  const ca = caFile === undefined ? undefined : await readAuthority(role, caFile);
  const reached = { ...url, tls, ...(ca === undefined ? {} : { ca }) };
  if (options[`${role}-auth`] !== 'iam') return { ...reached, password: await readPassword(context, role, url) };
  const flaw = iamFlaw(reached);
  if (flaw !== undefined) throw new FerryError('InvalidInput', `--${role}-auth iam cannot be used: ${flaw}.`);
  return { ...reached, password: '', authentication: 'iam' };
}

export interface ServerUrl {
  readonly host: string;
  readonly port: number;
  readonly username: string;
}

/** @throws FerryError InvalidInput, which never repeats a password */
export function parseServerUrl(role: ServerRole, text: string | undefined): ServerUrl {
  const option = `--${role}`;
  if (text === undefined) throw new FerryError('InvalidInput', `${option} is needed: mysql://USER@HOST[:PORT].`);
  const url = URL.parse(text);
  if (url?.protocol !== 'mysql:') throw new FerryError('InvalidInput', `${option} is not a URL like mysql://USER@HOST[:PORT].`);
  if (url.password !== '') {
    throw new FerryError(
      'InvalidInput',
      `${option} carries a password, and a command line can be read by everyone on this machine: put it in ${passwordVariable(role)} instead, and change it.`,
    );
  }
  if (url.username === '' || url.hostname === '') throw new FerryError('InvalidInput', `${option} needs a user and a host: mysql://USER@HOST[:PORT].`);
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new FerryError('InvalidInput', `${option} names a server, so nothing may follow its port.`);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 3306 : Number(url.port),
    username: decodeURIComponent(url.username),
  };
}

function passwordVariable(role: ServerRole): string {
  return `FERRY_${role.toUpperCase()}_PASSWORD`;
}

async function readPassword(context: Context, role: ServerRole, url: ServerUrl): Promise<string> {
  const given = context.environment[passwordVariable(role)];
  if (given !== undefined) return given;
  if (context.stdin.isTTY !== true) {
    throw new FerryError('InvalidInput', `The ${role}'s password is needed: set ${passwordVariable(role)} (empty for none), or run this on a terminal to be asked.`);
  }
  return promptPassword(context, `Password of ${url.username} on the ${role} ${url.host}:${url.port}: `);
}

async function readAuthority(role: ServerRole, file: string): Promise<string> {
  const content = (await readNamedFile(file, `--${role}-ca ${file}`)).toString('utf8');
  if (!content.includes('-----BEGIN CERTIFICATE-----')) throw new FerryError('InvalidInput', `--${role}-ca ${file} holds no certificate (PEM).`);
  return content;
}

/** The environment that gives a child `ferry local` its passwords. */
export function passwordEnvironment({ source, target }: Servers): Record<string, string> {
  return { FERRY_SOURCE_PASSWORD: source.password, FERRY_TARGET_PASSWORD: target.password };
}

/** The words that name a server on a command line; the password is not among them. */
export function serverWords(role: ServerRole, access: ServerAccess, caFile: string | undefined): string[] {
  const host = access.host.includes(':') ? `[${access.host}]` : access.host;
  const words = [`--${role}`, `mysql://${encodeURIComponent(access.username)}@${host}:${access.port}`, `--${role}-tls`, access.tls];
  if (access.authentication === 'iam') words.push(`--${role}-auth`, 'iam');
  return caFile === undefined ? words : [...words, `--${role}-ca`, caFile];
}
