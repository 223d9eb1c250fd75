/** A MySQL or MariaDB server of a test that is given one certificate after the other, without being started again. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startVersion, type VersionName } from '../../../local/mysql/versions.ts';
import { TestAuthority } from '../../support/certificates.ts';
import type { Certificate } from '../../support/certificates.ts';
import { cache, killed, lean, temporaryFolder } from '../../support/servers.ts';

const files = { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' } as const;

export class TlsServer {
  readonly authority: TestAuthority;
  readonly running: RunningServer;
  readonly #folder: string;
  readonly #admin: Connection;
  readonly #reload: string;

  private constructor(parts: { authority: TestAuthority; running: RunningServer; folder: string; admin: Connection; reload: string }) {
    this.authority = parts.authority;
    this.running = parts.running;
    this.#folder = parts.folder;
    this.#admin = parts.admin;
    this.#reload = parts.reload;
  }

  /** @param options of mysqld */
  static async open(started: AsyncDisposableStack, version: VersionName, options: readonly string[] = []): Promise<TlsServer> {
    const [directory, folder] = [await temporaryFolder(started), await temporaryFolder(started)];
    await mkdir(join(directory, 'server'));
    const authority = new TestAuthority('an authority of a test');
    await writeCertificate(folder, authority, authority.issue({ names: ['localhost'] }));
    const serverOptions = [...lean, ...options, ...Object.entries(files).map(([name, file]) => `--ssl-${name}=${join(folder, file)}`)];
    const running = killed(started, await startVersion(version, { directory: join(directory, 'server'), serverOptions, ...cache }));
    const admin = await createConnection(connectionOptions({ ...running.adminAccess, tls: 'disabled' }));
    started.defer(() => {
      admin.destroy();
    });
    const server = new TlsServer({ authority, running, folder, admin, reload: version.startsWith('mariadb') ? 'FLUSH SSL' : 'ALTER INSTANCE RELOAD TLS' });
    await server.execute('CREATE DATABASE shop', 'CREATE TABLE shop.orders (id INT PRIMARY KEY) ENGINE = InnoDB', 'INSERT INTO shop.orders VALUES (1)');
    return server;
  }

  /** To whoever comes next. */
  async present(certificate: Certificate): Promise<void> {
    await writeCertificate(this.#folder, this.authority, certificate);
    await this.#admin.query(this.#reload);
  }

  /** @param how where it differs: by its address, with another authority */
  access(how: Partial<ServerAccess> = {}): ServerAccess {
    return { ...this.running.access, host: 'localhost', tls: 'verify', ca: this.authority.certificate, ...how };
  }

  async execute(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.#admin.query(sql);
  }
}

async function writeCertificate(folder: string, authority: TestAuthority, { certificate, key }: Certificate): Promise<void> {
  await writeFile(join(folder, files.ca), authority.certificate);
  await writeFile(join(folder, files.cert), certificate);
  await writeFile(join(folder, files.key), key);
}
