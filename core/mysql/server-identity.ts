/**
 * Checks, before anything of a login is sent, that the certificate of a server bears the name or the address that was
 * connected to. mysql2 checks names itself when asked to, but compares the certificate of an address with `localhost`.
 */
import { checkServerIdentity } from 'node:tls';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Connection } from 'mysql2';
import { FerryError } from '../errors.ts';

/** What the driver's connection does once the server has agreed to encrypt. */
interface TlsStarter {
  stream: Pick<TLSSocket, 'getPeerCertificate'>;
  startTLS: (onSecure: (error?: Error) => void) => void;
}

/**
 * @param connection one that was just made, and has read nothing yet
 * @throws FerryError InternalError with a driver that encrypts in another way
 */
export function checkIdentity(connection: Connection, host: string): void {
  const starter = connection as unknown as TlsStarter;
  // Read as a value of unknown type, because it is not the driver's public interface.
  const startTls = starter.startTLS as unknown;
  if (typeof startTls !== 'function') throw new FerryError('InternalError', 'The MySQL driver has no startTLS: the name in a certificate could not be checked.');
  starter.startTLS = (onSecure) => {
    Reflect.apply(startTls, connection, [
      (error?: Error) => {
        onSecure(error ?? identityFlaw(starter.stream.getPeerCertificate(), host));
      },
    ]);
  };
}

/** A session that was resumed brings the certificate of the one before, and is checked like it. */
function identityFlaw(certificate: PeerCertificate, host: string): Error | undefined {
  return checkServerIdentity(host, certificate);
}
