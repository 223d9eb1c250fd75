import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openDatabase, transactions } from '../storage/open-database.ts';

interface NewMessage {
  readonly queue: string;
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds since 1970. */
  readonly sent: number;
  /** When it can be received: milliseconds since 1970. */
  readonly visible: number;
}

export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
  readonly sent: number;
  readonly receipt: string;
  readonly receiveCount: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT,
    sent INTEGER NOT NULL, visible INTEGER NOT NULL, receipt TEXT, receives INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS messages_by_queue ON messages (queue, number);
`;

/** Queues and their messages in one SQLite file. */
export class QueueStore {
  readonly #database: DatabaseSync;
  readonly #transaction: <Result>(work: () => Result) => Result;
  readonly #statements: Readonly<Record<'add' | 'next' | 'hide' | 'delete' | 'purge' | 'count', StatementSync>>;
  readonly #queues: Set<string>;

  constructor(file: string) {
    this.#database = openDatabase(file, schema);
    this.#transaction = transactions(this.#database);
    const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
    this.#statements = {
      add: prepare('INSERT INTO messages (queue, id, body, attributes, sent, visible) VALUES (?, ?, ?, ?, ?, ?)'),
      next: prepare(
        'SELECT number, id, body, attributes, sent, receives FROM messages WHERE queue = ? AND visible <= ? ORDER BY number LIMIT ?',
      ),
      hide: prepare('UPDATE messages SET visible = ?, receipt = ?, receives = receives + 1 WHERE number = ?'),
      delete: prepare('DELETE FROM messages WHERE queue = ? AND receipt = ?'),
      purge: prepare('DELETE FROM messages WHERE queue = ?'),
      count: prepare('SELECT count(*) AS total, coalesce(sum(visible <= ?), 0) AS visible FROM messages WHERE queue = ?'),
    };
    this.#queues = new Set(prepare('SELECT name FROM queues').all().map((row) => String(row['name'])));
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  close(): void {
    this.#database.close();
  }

  queues(): string[] {
    return [...this.#queues].sort();
  }

  hasQueue(name: string): boolean {
    return this.#queues.has(name);
  }

  createQueue(name: string): void {
    this.#database.prepare('INSERT OR IGNORE INTO queues VALUES (?)').run(name);
    this.#queues.add(name);
  }

  add(message: NewMessage): void {
    const attributes = message.attributes === undefined ? null : JSON.stringify(message.attributes);
    this.#statements.add.run(message.queue, message.id, message.body, attributes, message.sent, message.visible);
  }

  /** The oldest visible messages, hidden from others for `hiddenMilliseconds`. */
  take(queue: string, limit: number, now: number, hiddenMilliseconds: number): StoredMessage[] {
    return this.#transaction(() =>
      this.#statements.next.all(queue, now, limit).map((row) => {
        const receipt = randomUUID();
        this.#statements.hide.run(now + hiddenMilliseconds, receipt, row['number'] ?? null);
        const { id, body, attributes, sent, receives } = row as unknown as MessageRow;
        return {
          ...{ id, body, sent, receipt },
          attributes: attributes === null ? undefined : (JSON.parse(attributes) as Record<string, unknown>),
          receiveCount: receives + 1,
        };
      }),
    );
  }

  delete(queue: string, receipt: string): void {
    this.#statements.delete.run(queue, receipt);
  }

  purge(queue: string): void {
    this.#statements.purge.run(queue);
  }

  count(queue: string, now: number): { readonly visible: number; readonly hidden: number } {
    const { total, visible } = this.#statements.count.get(now, queue) as { total: number; visible: number };
    return { visible, hidden: total - visible };
  }
}

interface MessageRow {
  readonly id: string;
  readonly body: string;
  readonly attributes: string | null;
  readonly sent: number;
  readonly receives: number;
}
