/** The network of the chaos suite. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '../../chaos/world/tcp-proxy.ts';

describe('a proxy', () => {
  const started = new AsyncDisposableStack();
  let proxy: TcpProxy;
  const ports: number[] = [];
  after(() => started.disposeAsync());
  before(async () => {
    for (const name of ['first', 'second']) {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => socket.write(`${name} ${bytes.toString()}`));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      started.defer(() => { server.close(); });
      ports.push((server.address() as AddressInfo).port);
    }
    proxy = started.use(await TcpProxy.open(ports[0]!));
  });

  async function open(): Promise<Socket> {
    const socket = connect(proxy.port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  async function ask(socket: Socket): Promise<string> {
    socket.write('ping');
    return String(((await once(socket, 'data')) as [Buffer])[0]);
  }

  it('passes on, falls silent and goes on, and resets', async () => {
    const socket = await open();
    assert.equal(await ask(socket), 'first ping');
    proxy.silent = true;
    const answer = ask(socket);
    assert.equal(await Promise.race([answer, sleep(100, 'nothing')]), 'nothing');
    proxy.silent = false;
    assert.equal(await answer, 'first ping');
    proxy.cut();
    assert.equal(((await once(socket, 'error')) as [NodeJS.ErrnoException])[0].code, 'ECONNRESET');
  });

  it('refuses, and leads elsewhere', async () => {
    proxy.refuses = true;
    const refused = connect(proxy.port, '127.0.0.1');
    await Promise.race([once(refused, 'error'), once(refused, 'close')]);
    proxy.heal();
    proxy.upstreamPort = ports[1]!;
    const socket = await open();
    assert.equal(await ask(socket), 'second ping');
    socket.destroy();
  });
});
