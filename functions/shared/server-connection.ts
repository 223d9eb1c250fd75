/** Connections of functions to the source and the target. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Connection } from 'mysql2/promise';
import { type ServerRole, serverFailure } from '../../core/mysql-failures.ts';
import { connect } from '../../core/mysql/connect.ts';
import { sessionSettings } from '../../core/mysql/session-settings.ts';
import { parseServerAccess, type ServerAccess } from '../../core/server-access.ts';

/** Reads the secret anew for each connection, so that a rotated password is met with the new one. */
export async function readServerAccess(secrets: SecretsManagerClient, secretArn: string): Promise<ServerAccess> {
  return (await readSecret(secrets, secretArn)).access;
}

/** @returns also the secret's version, which changes whenever its value does */
export async function readSecret(
  secrets: SecretsManagerClient,
  secretArn: string,
): Promise<{ readonly access: ServerAccess; readonly version: string }> {
  const { SecretString, Name, VersionId } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return { access: parseServerAccess(Name ?? secretArn, SecretString ?? ''), version: VersionId ?? '' };
}

/** @throws FerryError SourceUnreachable, SourceAccessDenied, TargetUnreachable, TargetAccessDenied */
export async function connectServer(role: ServerRole, access: ServerAccess, schema?: string): Promise<Connection> {
  return naming(role, access, async () => {
    const connection = await connect(access, schema === undefined ? {} : { database: schema });
    // A connection lost between two queries is noticed by the next one; without a listener it would end the process.
    connection.on('error', () => undefined);
    await connection.query(sessionSettings);
    return connection;
  });
}

/**
 * Asks a server over a connection of its own.
 * @throws FerryError SourceUnreachable, SourceAccessDenied, TargetUnreachable, TargetAccessDenied
 */
export async function withServer<Result>(
  secrets: SecretsManagerClient,
  role: ServerRole,
  secretArn: string,
  ask: (connection: Connection, access: ServerAccess) => Promise<Result>,
): Promise<Result> {
  const { access } = await readSecret(secrets, secretArn);
  const connection = await connectServer(role, access);
  try {
    return await naming(role, access, () => ask(connection, access));
  } finally {
    connection.destroy();
  }
}

/** Runs a plain query, whose failure can only be the server's, and names it. */
export async function naming<Result>(role: ServerRole, access: ServerAccess, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw serverFailure(role, access, error);
  }
}
