/** One MySQL server of the suite behind its proxy. It is started again where a fault has ended it. */
import type { ServerAccess } from '../../../core/server-access.ts';
import type { RunningServer, StartOptions } from '../../../local/mysql/source-server.ts';
import { query } from '../../support/query.ts';
import { TcpProxy } from './tcp-proxy.ts';

export type Role = 'source' | 'target';

export class ChaosServer implements AsyncDisposable {
  readonly role: Role;
  readonly proxy: TcpProxy;
  readonly #start: (port: number) => Promise<RunningServer>;
  #running: RunningServer;
  #isUp = true;

  private constructor(role: Role, start: (port: number) => Promise<RunningServer>, running: RunningServer, proxy: TcpProxy) {
    this.role = role;
    this.#start = start;
    this.#running = running;
    this.proxy = proxy;
  }

  /** @param start starts it on its own directory; port 0 takes a free one */
  static async open(role: Role, start: (options: Pick<StartOptions, 'port'>) => Promise<RunningServer>): Promise<ChaosServer> {
    const running = await start({ port: 0 });
    return new ChaosServer(role, (port) => start({ port }), running, await TcpProxy.open(running.port));
  }

  /** Ferry's way to it. */
  get access(): ServerAccess {
    return { ...this.#running.access, port: this.proxy.port };
  }

  /** The suite's own way, past the proxy. */
  get adminAccess(): ServerAccess {
    return this.#running.adminAccess;
  }

  get pid(): number {
    return this.#running.pid;
  }

  get directory(): string {
    return this.#running.directory;
  }

  admin(...statements: readonly string[]) {
    return query(this.adminAccess, ...statements);
  }

  async kill(): Promise<void> {
    this.#isUp = false;
    await this.#running.kill();
  }

  async stop(): Promise<void> {
    this.#isUp = false;
    await this.#running.stop();
  }

  /** On its old address, or on a new one to which the proxy leads. */
  async restart(where: 'same address' | 'new address' = 'same address'): Promise<void> {
    this.#running = await this.#start(where === 'same address' ? this.#running.port : 0);
    this.#isUp = true;
    this.proxy.upstreamPort = this.#running.port;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#isUp) process.kill(this.pid, signal);
  }

  /** Ends Ferry's sessions, as an administrator's KILL or a failing proxy does. */
  async killSessions(): Promise<void> {
    for (const { ID } of await this.sessions()) await this.admin(`KILL ${String(ID)}`).catch(() => undefined);
  }

  /** Of Ferry's account. */
  sessions() {
    return this.admin("SELECT ID, DB, COMMAND, TIME, STATE, LEFT(INFO, 80) AS INFO FROM information_schema.PROCESSLIST WHERE USER = 'ferry'");
  }

  /** Gives Ferry's account a password: its own unless another is named. */
  passwordStatement(password = this.#running.access.password): string {
    return this.role === 'source' ? `SET PASSWORD FOR 'ferry'@'127.0.0.1' = PASSWORD('${password}')` : `ALTER USER 'ferry'@'%' IDENTIFIED BY '${password}'`;
  }

  /** Up, reachable, and with the settings of its first start. */
  async heal(): Promise<void> {
    this.proxy.heal();
    if (this.#isUp) this.signal('SIGCONT');
    else await this.restart();
    const writable = this.role === 'target' ? ['SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF'] : [];
    await this.admin('SET GLOBAL max_connections = 300', ...writable, this.passwordStatement());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    if (!this.#isUp) return;
    this.signal('SIGCONT');
    await this.kill();
  }
}
