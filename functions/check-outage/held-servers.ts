/** The two servers, as CheckOutage asks them. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RowDataPacket } from 'mysql2';
import { FerryError } from '../../core/errors.ts';
import type { ServerRole } from '../../core/mysql-failures.ts';
import { readSecret, withServer } from '../shared/server-connection.ts';
import type { HeldServer } from './check-outage.ts';

export function heldServer(secrets: SecretsManagerClient, role: ServerRole, secretArn: string): HeldServer {
  return {
    secretVersion: async () => (await readSecret(secrets, secretArn)).version,
    check: () => checkServer(secrets, role, secretArn),
  };
}

/** A source of MySQL 5.5 does not know the variable, and is only read. */
const questions: Readonly<Record<ServerRole, string>> = {
  source: 'SELECT 0 AS readOnly',
  target: 'SELECT @@global.innodb_read_only AS readOnly',
};

function checkServer(secrets: SecretsManagerClient, role: ServerRole, secretArn: string): Promise<void> {
  return withServer(secrets, role, secretArn, async (connection, access) => {
    const [[row]] = await connection.query<RowDataPacket[]>({ sql: questions[role], timeout: 10_000 });
    // For some seconds of a failover the cluster's name leads to an instance that is a reader by now.
    if (Number(row?.['readOnly']) !== 1) return;
    throw new FerryError('TargetUnreachable', `The target server ${access.host}:${access.port} is a reader at present, and takes no writes.`);
  });
}
