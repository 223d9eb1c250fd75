/** Faults of the two MySQL servers, and of the network before them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection } from 'mysql2/promise';
import { quoteIdentifier } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { Random } from '../../../local/fleet/random.ts';
import type { ChaosServer, Role } from '../world/server.ts';
import { kind, lasting, type Injection, type Kind } from './kind.ts';

export const serverKinds: readonly Kind[] = [
  ...(['source', 'target'] as const).flatMap((role) => [...deaths(role), ...networks(role), ...refusals(role)]),
  kind({
    name: 'target-failover',
    about: 'The target dies and comes back at another address, to which its name leads after a while',
    seconds: 25,
    draw: (random) => {
      const milliseconds = random.int(0, 4_000);
      return {
        description: `the name follows after ${milliseconds} ms`,
        run: async ({ world: { target } }) => {
          target.proxy.refuses = true;
          await target.kill();
          target.proxy.cut();
          await target.restart('new address');
          await sleep(milliseconds);
          target.proxy.refuses = false;
        },
      };
    },
  }),
  kind({
    name: 'target-read-only',
    about: 'The target answers, but takes no writes, as a writer that has become a reader in a failover',
    draw: (random) => setting(random, 'target', [1_000, 5_000], () => 'SET GLOBAL super_read_only = ON', () => 'SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF'),
  }),
  kind({ name: 'source-locked', about: 'A session of the application holds a write lock on tables of one database', allowed: ['SourceChanged'], draw: locking }),
];

function deaths(role: Role): Kind[] {
  const restarting = (random: Random, end: (server: ChaosServer) => Promise<void>): Injection => {
    const milliseconds = random.int(0, 3_000);
    return {
      description: `started again after ${milliseconds} ms`,
      run: async ({ world }) => {
        await end(world[role]);
        await sleep(milliseconds);
        await world[role].restart();
      },
    };
  };
  return [
    kind({ name: `${role}-killed`, about: `SIGKILL of the ${role}, which is started again`, seconds: 20, draw: (random) => restarting(random, (server) => server.kill()) }),
    kind({ name: `${role}-restarted`, about: `The ${role} is shut down in order and started again`, seconds: 25, draw: (random) => restarting(random, (server) => server.stop()) }),
    kind({
      name: `${role}-paused`,
      about: `SIGSTOP of the ${role}, then SIGCONT`,
      seconds: 25,
      draw: (random) => lasting(random, [1_000, 12_000], ({ world }) => { world[role].signal('SIGSTOP'); }, ({ world }) => { world[role].signal('SIGCONT'); }),
    }),
  ];
}

function networks(role: Role): Kind[] {
  return [
    kind({
      name: `${role}-cut`,
      about: `Every connection to the ${role} is reset, once or twice`,
      draw: (random) => {
        const times = random.int(1, 2);
        return {
          description: `${times} times`,
          run: async ({ world }) => {
            for (let time = 0; time < times; time += 1) {
              world[role].proxy.cut();
              await sleep(400);
            }
          },
        };
      },
    }),
    kind({
      name: `${role}-refused`,
      about: `The ${role} takes no new connection`,
      draw: (random) => lasting(random, [500, 6_000], ({ world }) => (world[role].proxy.refuses = true), ({ world }) => (world[role].proxy.refuses = false)),
    }),
    kind({
      name: `${role}-silent`,
      about: `Nothing passes to or from the ${role}; then everything does, or the connections are reset`,
      seconds: 25,
      draw: (random) => {
        const thenCut = random.chance(50);
        return lasting(
          random,
          [1_000, 12_000],
          ({ world }) => (world[role].proxy.silent = true),
          ({ world }) => {
            if (thenCut) world[role].proxy.cut();
            world[role].proxy.silent = false;
          },
        );
      },
    }),
    kind({
      name: `${role}-delayed`,
      about: `Every answer of the ${role} comes late`,
      seconds: 25,
      draw: (random) => {
        const delay = random.int(10, 60);
        return lasting(random, [2_000, 6_000], ({ world }) => (world[role].proxy.delay = delay), ({ world }) => (world[role].proxy.delay = 0));
      },
    }),
  ];
}

function refusals(role: Role): Kind[] {
  return [
    kind({
      name: `${role}-sessions-killed`,
      about: `KILL of Ferry's sessions on the ${role}, once or twice`,
      draw: (random) => {
        const times = random.int(1, 2);
        return {
          description: `${times} times`,
          run: async ({ world }) => {
            for (let time = 0; time < times; time += 1) {
              await world[role].killSessions();
              await sleep(300);
            }
          },
        };
      },
    }),
    kind({
      name: `${role}-crowded`,
      about: `The ${role} has no connection left (max_connections)`,
      draw: (random) => setting(random, role, [500, 4_000], () => 'SET GLOBAL max_connections = 1', () => 'SET GLOBAL max_connections = 300'),
    }),
    kind({
      name: `${role}-password-rotated`,
      about: `Ferry's password on the ${role} is another one for a while`,
      draw: (random) => setting(random, role, [500, 4_000], (server) => server.passwordStatement('another'), (server) => server.passwordStatement()),
    }),
  ];
}

/** One session does both: a server that is crowded lets no second one in. */
function setting(random: Random, role: Role, times: readonly [number, number], begin: (server: ChaosServer) => string, end: (server: ChaosServer) => string): Injection {
  let session: Connection | undefined;
  return lasting(
    random,
    times,
    async ({ world }) => {
      session = await openSession(world[role]);
      await session.query(begin(world[role]));
    },
    async ({ world }) => {
      // A server that was started again meanwhile has its own settings back; what stays is put right with the trial's end.
      await session?.query(end(world[role])).catch(() => undefined);
      session?.destroy();
    },
  );
}

async function openSession(server: ChaosServer): Promise<Connection> {
  const connection = await createConnection(connectionOptions(server.adminAccess));
  connection.on('error', () => undefined);
  return connection;
}

function locking(random: Random): Injection {
  const pick = random.int(0, 1_000);
  const milliseconds = random.int(1_000, 6_000);
  return {
    description: `for ${milliseconds} ms`,
    run: async ({ world, databases }) => {
      const database = databases[pick % databases.length] ?? '';
      const tables = await world.source.admin(`SHOW FULL TABLES FROM ${quoteIdentifier(database)} WHERE Table_type = 'BASE TABLE'`);
      const names = tables.slice(0, 3).map((row) => `${quoteIdentifier(database)}.${quoteIdentifier(String(Object.values(row)[0]))} WRITE`);
      if (names.length === 0) return;
      const connection = await openSession(world.source);
      try {
        await connection.query(`LOCK TABLES ${names.join(', ')}`);
        await sleep(milliseconds);
      } catch {
        // Another fault has ended the session, and with it the lock.
      } finally {
        connection.destroy();
      }
    },
  };
}
