/** Asks both servers before anything is registered: an unknown name or a wrong password is one error then, not thousands. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RowDataPacket } from 'mysql2';
import { FerryError } from '../../core/errors.ts';
import { withServer } from '../shared/server-connection.ts';

export interface Servers {
  readonly secrets: SecretsManagerClient;
  readonly sourceSecretArn: string;
  readonly targetSecretArn: string;
}

const namedUnknown = 20;

/** @throws FerryError UnknownDatabase, SourceUnreachable, SourceAccessDenied */
export async function checkSource({ secrets, sourceSecretArn }: Servers, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await withServer(secrets, 'source', sourceSecretArn, async (connection, access) => {
    const [rows] = await connection.query<RowDataPacket[]>('SHOW DATABASES');
    const known = new Set(rows.map((row) => String(row['Database'])));
    const unknown = names.filter((name) => !known.has(name));
    if (unknown.length > 0) throw new FerryError('UnknownDatabase', describeUnknown(unknown, names.length, `${access.host}:${access.port}`));
  });
}

/** @throws FerryError TargetUnreachable, TargetAccessDenied */
export async function checkTarget({ secrets, targetSecretArn }: Servers): Promise<void> {
  await withServer(secrets, 'target', targetSecretArn, (connection) => connection.query('SELECT 1'));
}

function describeUnknown(unknown: readonly string[], asked: number, server: string): string {
  const names = unknown.slice(0, namedUnknown).map((name) => `\`${name}\``).join(', ');
  const more = unknown.length > namedUnknown ? ` and ${unknown.length - namedUnknown} more` : '';
  return `${unknown.length} of ${asked} databases are not on the source ${server}, or its account may not see them: ${names}${more}. Nothing was registered.`;
}
