/** Writers that never pause, all through a migration: nothing that is VERIFIED misses a row. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { connectionOptions } from '../../../core/server-access.ts';
import type { Runtime } from '../../../local/runtime.ts';
import { startRuntime } from '../../../local/runtime.ts';
import { ferry } from '../../integration/cli/ferry.ts';
import { query } from '../../support/query.ts';
import { Client, startServers } from './support.ts';
import type { Servers } from './support.ts';

/** The engines of the two tables of each kind of database. */
const kinds = { innodb: ['InnoDB', 'InnoDB'], myisam: ['MyISAM', 'MyISAM'], mixed: ['InnoDB', 'MyISAM'] } as const;
type Kind = keyof typeof kinds;
const tables = ['one', 'two'] as const;
/** So that a dump takes a while. */
const rowsBefore = 20_000;

describe('a writer all through a migration', () => {
  let servers: Servers;
  let runtime: Runtime;
  let client: Client;
  const names = (prefix: string): string[] => Object.keys(kinds).map((kind) => `${prefix}_${kind}`);

  before(async () => {
    servers = await startServers('lock');
    runtime = await startRuntime(servers.options('hammer'));
    client = new Client(runtime);
    for (const prefix of ['frozen', 'open']) for (const kind of Object.keys(kinds) as Kind[]) await createDatabase(`${prefix}_${kind}`, kinds[kind]);
  });
  after(async () => {
    await runtime.stop();
    await servers.stop();
  });

  it('with a freeze, finds every row on the target that was acknowledged before the database was verified', async () => {
    const databases = names('frozen');
    const writers = await Promise.all(databases.map((database) => Writer.start(servers, database)));
    const ended = await client.run('frozen', databases, { freeze: 'lock' });
    // Each of them writes on: the freeze is over.
    await Promise.all(writers.map((writer) => writer.untilWritten(50)));
    await Promise.all(writers.map((writer) => writer.stop()));
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    for (const writer of writers) {
      const { database } = writer;
      const verifiedAt = Date.parse((await client.record('frozen', database))!.transitions.find(({ state }) => state === 'VERIFIED')!.at);
      for (const table of tables) {
        const found = await idsOf(database, table);
        assertGapless(found);
        const acknowledged = writer.acknowledgedBefore(table, verifiedAt);
        assert.ok(acknowledged > rowsBefore, 'it has written during the migration');
        assert.ok(found.length >= acknowledged, `${database}.${table}: ${found.length} rows, ${acknowledged} were acknowledged`);
        assert.ok(writer.acknowledgedBefore(table, Infinity) > found.length, 'it has written after the migration');
      }
    }
  });

  it('without one, verifies nothing but what the source held at one moment of the dump, and `ferry drift` names it as changed', async () => {
    const databases = names('open');
    const writers = await Promise.all(databases.map((database) => Writer.start(servers, database)));
    await client.run('open', databases, { maxAttempts: 2 });
    await Promise.all(writers.map((writer) => writer.untilWritten(50)));
    await Promise.all(writers.map((writer) => writer.stop()));
    const verified: string[] = [];
    for (const database of databases) {
      const record = (await client.record('open', database))!;
      if (record.state === 'VERIFIED') verified.push(database);
      else assert.ok(['SourceChanged', 'VerificationMismatch'].includes(record.error ?? ''), `${database}: ${record.error ?? ''}`);
    }
    for (const database of verified) {
      const [one = [], two = []] = await Promise.all(tables.map((table) => idsOf(database, table)));
      assertGapless(one);
      assertGapless(two);
      assert.ok(one.length - two.length === 0 || one.length - two.length === 1, `a moment has both tables, or the first one's row: ${one.length}, ${two.length}`);
      if (database === 'open_innodb') assert.equal(one.length, two.length, 'a transaction is there whole');
    }
    const { access } = servers.source;
    const words = ['drift', '--migration', 'open', '--source', `mysql://${access.username}@${access.host}:${access.port}`, '--source-tls', 'disabled'];
    const drift = await ferry([...words, '--state', `${servers.directory}/hammer`], { environment: { FERRY_SOURCE_PASSWORD: access.password } });
    assert.equal(drift.code, 111, drift.stderr);
    assert.deepEqual(verified.filter((database) => !drift.stdout.split('\n').includes(database)), []);
  });

  async function createDatabase(name: string, engines: readonly string[]): Promise<void> {
    const { adminAccess } = servers.source;
    await query(adminAccess, `CREATE DATABASE ${name}`);
    for (const [index, table] of tables.entries()) {
      await query(adminAccess, `CREATE TABLE ${name}.${table} (id INT PRIMARY KEY, text VARCHAR(100)) ENGINE=${engines[index]!}`);
      for (let from = 1; from <= rowsBefore; from += 5_000) {
        const rows = Array.from({ length: 5_000 }, (_, offset) => `(${from + offset}, REPEAT('x', 90))`);
        await query(adminAccess, `INSERT INTO ${name}.${table} VALUES ${rows.join(',')}`);
      }
    }
  }

  async function idsOf(database: string, table: string): Promise<number[]> {
    const rows = await query(servers.target.adminAccess, `SELECT id FROM ${database}.${table} ORDER BY id`);
    return rows.map(({ id }) => Number(id));
  }
});

function assertGapless(ids: readonly number[]): void {
  const gap = ids.findIndex((id, index) => id !== index + 1);
  assert.equal(gap, -1, `after ${gap} comes ${ids[gap]!}`);
}

/** Writes numbered rows to both tables, one after the other, and notes when each was acknowledged. */
class Writer {
  readonly database: string;
  readonly #connection: Connection;
  readonly #acknowledged = { one: [] as number[], two: [] as number[] };
  #stopping = false;
  #ended: Promise<void> = Promise.resolve();

  private constructor(database: string, connection: Connection) {
    this.database = database;
    this.#connection = connection;
  }

  static async start({ source }: Servers, database: string): Promise<Writer> {
    const writer = new Writer(database, await createConnection(connectionOptions(source.adminAccess)));
    writer.#ended = writer.#write();
    await writer.untilWritten(50);
    return writer;
  }

  /** More rows than now. */
  async untilWritten(more: number): Promise<void> {
    const wanted = this.#acknowledged.two.length + more;
    while (this.#acknowledged.two.length < wanted) await Promise.race([new Promise((resolve) => setTimeout(resolve, 10)), this.#ended]);
  }

  /** How many rows of the table there were for sure at that time. */
  acknowledgedBefore(table: 'one' | 'two', time: number): number {
    return rowsBefore + this.#acknowledged[table].filter((at) => at < time).length;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#ended;
    await this.#connection.end();
  }

  async #write(): Promise<void> {
    const transactional = this.database.endsWith('innodb');
    for (let id = rowsBefore + 1; !this.#stopping; id += 1) {
      if (transactional) await this.#connection.query('BEGIN');
      for (const table of tables) {
        await this.#connection.query(`INSERT INTO ${this.database}.${table} VALUES (${id}, REPEAT('y', 90))`);
        if (!transactional) this.#acknowledged[table].push(Date.now());
      }
      if (!transactional) continue;
      await this.#connection.query('COMMIT');
      for (const table of tables) this.#acknowledged[table].push(Date.now());
    }
  }
}
