/**
 * A server before a real MySQL server that logs in as Amazon RDS does with IAM: over TLS, with a certificate of the test's, it asks
 * every client for its password in clear text, and lets it through to the real server if the test says so. Behind it, the account
 * has no password. What passes after the login is untouched.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Certificate } from './certificates.ts';

export interface Login {
  readonly username: string;
  /** As it came: what stands before the zero byte. */
  readonly password: string;
  readonly encrypted: boolean;
}

export interface FrontOptions {
  readonly behind: { readonly host: string; readonly port: number };
  readonly accept: (login: Login) => boolean;
  readonly certificate: Certificate;
  /** Whether it says that it knows TLS. */
  readonly offersTls?: boolean;
}

interface Packet {
  readonly sequence: number;
  readonly body: Buffer;
}

/** Source: MySQL Internals Manual, "Capability Flags". */
const flags = { connectWithDb: 0x8, ssl: 0x800, pluginAuth: 0x80000, connectAttributes: 0x100000, lengthEncoded: 0x200000 };
const clearPassword = 'mysql_clear_password';

export class TlsFront {
  readonly logins: Login[] = [];
  readonly #options: FrontOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  certificate: Certificate;

  private constructor(options: FrontOptions) {
    this.#options = options;
    this.certificate = options.certificate;
    this.#server = createServer((client) => {
      this.#keep(client);
      // What a client breaks off is the client's affair.
      this.#serve(client).catch(() => client.destroy());
    });
  }

  static async open(started: AsyncDisposableStack, options: FrontOptions): Promise<TlsFront> {
    const front = new TlsFront(options);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    started.defer(() => {
      front.#server.close();
      for (const socket of front.#sockets) socket.destroy();
    });
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #serve(client: Socket): Promise<void> {
    const { behind, offersTls = true } = this.#options;
    const real = connect(behind.port, behind.host);
    this.#keep(real);
    client.once('close', () => real.destroy());
    real.once('close', () => client.destroy());
    const greeting = await new PacketReader(real).next();
    const defaultPlugin = greeting.body.subarray(greeting.body.lastIndexOf(0, -2) + 1, -1).toString();
    write(client, { sequence: 0, body: withTls(greeting.body, offersTls) });
    const [stream, response] = await this.#readResponse(client, offersTls);
    const { username, ...rest } = readResponse(response.body);
    write(stream, { sequence: response.sequence + 1, body: Buffer.from(`\xfe${clearPassword}\0\0`, 'latin1') });
    const reader = new PacketReader(stream);
    const answer = await reader.next();
    const login = { username, password: answer.body.toString('utf8').replace(/\0$/, ''), encrypted: stream instanceof TLSSocket };
    this.logins.push(login);
    const sequence = answer.sequence + 1;
    if (!this.#options.accept(login)) {
      write(stream, { sequence, body: Buffer.from(`\xff\x15\x04#28000Access denied for user '${username}'`, 'latin1') });
      stream.end();
      return;
    }
    write(real, { sequence: 1, body: responseWithoutPassword({ username, ...rest }, defaultPlugin) });
    let reply = await new PacketReader(real).next();
    if (reply.body[0] === 0xfe) {
      write(real, { sequence: reply.sequence + 1, body: Buffer.alloc(0) });
      reply = await new PacketReader(real).next();
    }
    write(stream, { sequence, body: reply.body });
    reader.release();
    stream.pipe(real).pipe(stream);
  }

  async #readResponse(client: Socket, offersTls: boolean): Promise<[Duplex, Packet]> {
    const request = await new PacketReader(client).next();
    if (!offersTls || (request.body.readUInt32LE(0) & flags.ssl) === 0) return [client, request];
    const { certificate: cert, key } = this.certificate;
    const secure = new TLSSocket(client, { isServer: true, secureContext: createSecureContext({ cert, key }) });
    secure.on('error', () => client.destroy());
    return [secure, await new PacketReader(secure).next()];
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

/** Reads one packet, and leaves what follows it where it is. */
class PacketReader {
  readonly #stream: Duplex;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  async next(): Promise<Packet> {
    const header = await this.#read(4);
    const body = await this.#read(header.readUIntLE(0, 3));
    return { sequence: header.readUInt8(3), body };
  }

  release(): void {
    this.#stream.resume();
  }

  async #read(bytes: number): Promise<Buffer> {
    if (bytes === 0) return Buffer.alloc(0);
    for (;;) {
      const read = this.#stream.read(bytes) as Buffer | null;
      if (read !== null) return read;
      if (this.#stream.readableEnded || this.#stream.destroyed) throw new Error('The stream ended.');
      await Promise.race([once(this.#stream, 'readable'), once(this.#stream, 'close')]);
    }
  }
}

function write(stream: Duplex, { sequence, body }: Packet): void {
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  header.writeUInt8(sequence, 3);
  stream.write(Buffer.concat([header, body]));
}

/** The greeting of a server that knows TLS, or does not: the lower half of its flags stands behind version, id, salt and a zero. */
function withTls(greeting: Buffer, offered: boolean): Buffer {
  const changed = Buffer.from(greeting);
  const offset = changed.indexOf(0, 1) + 1 + 4 + 8 + 1;
  const known = changed.readUInt16LE(offset);
  changed.writeUInt16LE(offered ? known | flags.ssl : known & ~flags.ssl, offset);
  return changed;
}

interface Response {
  readonly capabilities: number;
  /** Packet size and character set, and what is filled up. */
  readonly fixed: Buffer;
  readonly username: string;
  readonly database: string;
}

/** Source: MySQL Internals Manual, "HandshakeResponse41". */
function readResponse(body: Buffer): Response {
  const capabilities = body.readUInt32LE(0);
  const nameEnd = body.indexOf(0, 32);
  let at = nameEnd + 1;
  const first = body.readUInt8(at);
  const isLong = (capabilities & flags.lengthEncoded) !== 0 && first === 0xfc;
  at += isLong ? 3 + body.readUInt16LE(at + 1) : 1 + first;
  const database = (capabilities & flags.connectWithDb) === 0 ? '' : body.subarray(at, body.indexOf(0, at)).toString('latin1');
  return { capabilities, fixed: body.subarray(4, 32), username: body.subarray(32, nameEnd).toString('latin1'), database };
}

function responseWithoutPassword({ capabilities, fixed, username, database }: Response, plugin: string): Buffer {
  const start = Buffer.alloc(4);
  start.writeUInt32LE((capabilities & ~(flags.ssl | flags.connectAttributes | flags.connectWithDb)) | flags.pluginAuth | (database === '' ? 0 : flags.connectWithDb));
  const named = database === '' ? '' : `${database}\0`;
  return Buffer.concat([start, fixed, Buffer.from(`${username}\0\0${named}${plugin}\0`, 'latin1')]);
}
