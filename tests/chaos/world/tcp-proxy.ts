/** Stands between Ferry and a server, as a network does: it can cut, refuse, delay, fall silent, and lead to another server. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  /** Where new connections lead. */
  upstreamPort: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  /** Milliseconds that each piece of an answer waits. */
  delay = 0;
  refuses = false;
  #silent = false;

  private constructor(server: Server, upstreamPort: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.upstreamPort = upstreamPort;
    server.on('connection', (client) => {
      this.#accept(client);
    });
  }

  static async open(upstreamPort: number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, upstreamPort);
  }

  /** Ends every connection with a reset. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** Whether nothing passes in either direction; connections stay, and go on afterwards. */
  set silent(silent: boolean) {
    this.#silent = silent;
    for (const [client, upstream] of this.#pairs) {
      for (const socket of [client, upstream]) {
        if (silent) socket.pause();
        else socket.resume();
      }
    }
  }

  /** As a network that works. */
  heal(): void {
    this.delay = 0;
    this.refuses = false;
    this.silent = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    if (this.refuses) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ port: this.upstreamPort, host: '127.0.0.1', noDelay: true });
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (this.delay === 0) client.write(bytes);
      else setTimeout(() => client.write(bytes), this.delay);
    });
    for (const [socket, other] of [pair, [upstream, client] as const]) {
      socket.on('error', () => other.destroy());
      socket.on('end', () => {
        setTimeout(() => other.end(), this.delay);
      });
      socket.on('close', () => {
        this.#pairs.delete(pair);
        setTimeout(() => other.destroy(), this.delay);
      });
    }
    if (this.#silent) for (const socket of pair) socket.pause();
  }
}
