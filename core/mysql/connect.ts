/**
 * The one way of the product to a MySQL server. A token of IAM is made for each connection, and the name in the server's
 * certificate is checked, before anything of the login is sent. Each call is one login: an account that is refused is not asked
 * again here, so that nothing locks it.
 */
import { createConnection } from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2';
import type { Connection as PromiseConnection } from 'mysql2/promise';
import { FerryError } from '../errors.ts';
import { connectionOptions, iamFlaw } from '../server-access.ts';
import type { ServerAccess } from '../server-access.ts';
import { loginToken } from './login-token.ts';
import { checkIdentity } from './server-identity.ts';

/** A connection that is on its way: `connect` it, or wait for its event. @throws FerryError of a token that cannot be made */
export async function startConnection(access: ServerAccess, more: ConnectionOptions = {}): Promise<Connection> {
  const options = { ...connectionOptions(access, await loginPassword(access)), ...more };
  const connection = createConnection(options);
  if (access.tls === 'verify') checkIdentity(connection, access.host);
  return connection;
}

/** @throws what mysql2 throws; FerryError of a token that cannot be made */
export async function connect(access: ServerAccess, more: ConnectionOptions = {}): Promise<PromiseConnection> {
  const connection = await startConnection(access, more);
  return new Promise((resolve, reject) => {
    connection.connect((error) => {
      if (error === null) {
        resolve(connection.promise());
        return;
      }
      // A certificate that is refused leaves the connection open.
      connection.destroy();
      reject(error);
    });
  });
}

/** What the next login sends: never twice the same with IAM. @throws FerryError InvalidInput, CredentialsMissing */
export async function loginPassword(access: ServerAccess): Promise<string> {
  if (access.authentication !== 'iam') return access.password;
  const flaw = iamFlaw(access);
  if (flaw !== undefined) throw new FerryError('InvalidInput', `The server ${access.host} is not logged in at: ${flaw}.`);
  return loginToken(access);
}
