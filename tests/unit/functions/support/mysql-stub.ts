/** A server that speaks MySQL's protocol and knows a few statements: what functions ask of the source and the target. */
import type { AddressInfo, Server } from 'node:net';
import type { TestContext } from 'node:test';
import * as mysql from 'mysql2';

type Row = Readonly<Record<string, string>>;

export interface MysqlStub {
  /** The JSON of its secret. */
  readonly secret: string;
  readonly port: number;
  readonly statements: string[];
}

/** What mysql2 does not declare of its server. */
interface StubServer {
  readonly _server: Server;
  listen(port: number, host: string, backlog: undefined, callback: () => void): void;
  close(): void;
}

interface ServerConnection {
  sequenceId: number;
  serverHandshake(options: Record<string, unknown>): void;
  /** mysql2 takes a SET for the beginning of a prepared statement. */
  on(event: 'query' | 'stmt_prepare', listener: (sql: string) => void): void;
  on(event: 'error', listener: () => void): void;
  writeTextResult(rows: readonly Row[], columns: readonly Record<string, unknown>[]): void;
  writeOk(): void;
}

const capabilities = 0x0200 | 0x8000 | 0x0008 | 0x0001 | 0x80000;

/** @param answers rows by statement; any other statement is answered with OK */
export async function startMysqlStub(t: TestContext, answers: Readonly<Record<string, () => readonly Row[]>>): Promise<MysqlStub> {
  const statements: string[] = [];
  const server = mysql.createServer((accepted) => {
    const connection = accepted as unknown as ServerConnection;
    connection.on('error', () => undefined);
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.0-stub',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: capabilities,
      authCallback: (parameters: { readonly user: string }, callback: (error: null, failure?: object) => void) => {
        callback(null, parameters.user === 'ferry' ? undefined : { code: 1045, message: `Access denied for user '${parameters.user}'` });
        // mysql2 numbers a server's packets on from the handshake; the protocol starts each command at 0.
        connection.sequenceId = 0;
      },
    });
    connection.on('stmt_prepare', () => {
      connection.sequenceId = 1;
      connection.writeOk();
      connection.sequenceId = 0;
    });
    connection.on('query', (sql) => {
      statements.push(sql);
      connection.sequenceId = 1;
      const rows = answers[sql]?.();
      if (rows === undefined) connection.writeOk();
      else connection.writeTextResult(rows, Object.keys(rows[0] ?? { empty: '' }).map(column));
      connection.sequenceId = 0;
    });
  }) as unknown as StubServer;
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', undefined, () => {
      resolve((server._server.address() as AddressInfo).port);
    });
  });
  t.after(() => {
    server.close();
  });
  return { port, statements, secret: secretFor(port, 'ferry') };
}

export function secretFor(port: number, username: string): string {
  return JSON.stringify({ host: '127.0.0.1', port, username, password: 'secret', tls: 'disabled' });
}

function column(name: string): Record<string, unknown> {
  return { catalog: 'def', schema: '', table: '', orgTable: '', name, orgName: name, characterSet: 45, columnLength: 256, columnType: 253, flags: 0, decimals: 0 };
}
