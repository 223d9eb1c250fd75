/** Connections of functions to the source and the target. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { FerryError } from '../../core/errors.ts';
import { connectionOptions, parseServerAccess, type ServerAccess } from '../../core/server-access.ts';

export type ServerRole = 'source' | 'target';

const names = {
  source: { unreachable: 'SourceUnreachable', accessDenied: 'SourceAccessDenied' },
  target: { unreachable: 'TargetUnreachable', accessDenied: 'TargetAccessDenied' },
} as const;

/** Source: MySQL Server Error Message Reference: database, account, table, column, privilege, locked accounts. */
const accessDenied = new Set([1044, 1045, 1142, 1143, 1227, 1698, 3118, 3955]);

/** Reads the secret anew for each connection, so that a rotated password is met with the new one. */
export async function readServerAccess(secrets: SecretsManagerClient, secretArn: string): Promise<ServerAccess> {
  const { SecretString, Name } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return parseServerAccess(Name ?? secretArn, SecretString ?? '');
}

/** @throws FerryError SourceUnreachable, SourceAccessDenied, TargetUnreachable, TargetAccessDenied */
export async function connectServer(role: ServerRole, access: ServerAccess, schema?: string): Promise<Connection> {
  return naming(role, access, async () => {
    const connection = await createConnection({ ...connectionOptions(access), ...(schema === undefined ? {} : { database: schema }) });
    // A connection lost between two queries is noticed by the next one; without a listener it would end the process.
    connection.on('error', () => undefined);
    return connection;
  });
}

/** Runs a plain query, whose failure can only be the server's, and names it. */
export async function naming<Result>(role: ServerRole, access: ServerAccess, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    const denied = error instanceof Error && 'errno' in error && typeof error.errno === 'number' && accessDenied.has(error.errno);
    const what = denied ? `refused the account ${access.username}` : 'does not answer';
    throw new FerryError(
      denied ? names[role].accessDenied : names[role].unreachable,
      `The ${role} server ${access.host}:${access.port} ${what}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function messageOf(error: unknown): string {
  // A refused connection to a name with several addresses comes as an AggregateError without a message.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
