/**
 * The index of all buckets: one SQLite file. A row is what makes an object exist: its data is complete on the disk
 * before the row is committed, so a reader never meets half an object, whenever the process dies.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openDatabase, transactions } from '../storage/open-database.ts';
import type { Segment } from './blobs.ts';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksums.ts';

export interface ObjectEntry {
  readonly bucket: string;
  readonly key: string;
  /** The upload that made it: a multipart upload's id, or random. */
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Response headers in lower case, `x-amz-meta-*` among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  /** The data, when it is small; else it is in `segments`. */
  readonly body?: Uint8Array;
  readonly segments: readonly Segment[];
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly started: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly algorithm?: ChecksumAlgorithm;
  readonly type?: ChecksumType;
}

export interface Part {
  readonly number: number;
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksum?: string;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, created INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modified INTEGER NOT NULL, id TEXT NOT NULL, headers TEXT NOT NULL, checksum TEXT, segments TEXT, body BLOB,
    UNIQUE (bucket, key));
  CREATE INDEX IF NOT EXISTS objects_in_files ON objects (number) WHERE segments IS NOT NULL;
  CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, upload TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL, part TEXT NOT NULL,
    PRIMARY KEY (upload, number)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY, event TEXT NOT NULL);
`;

export class IndexStore {
  readonly transaction: <Result>(work: () => Result) => Result;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #buckets: Map<string, number>;

  constructor(file: string) {
    this.#database = openDatabase(file, schema);
    this.transaction = transactions(this.#database);
    const buckets = this.#all<{ name: string; created: number }>('SELECT name, created FROM buckets');
    this.#buckets = new Map(buckets.map(({ name, created }) => [name, created]));
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  close(): void {
    this.#database.close();
  }

  /** Names and times of creation, in the order of the names. */
  buckets(): [string, number][] {
    return [...this.#buckets].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name);
  }

  createBucket(name: string, now: number): void {
    this.#run('INSERT OR IGNORE INTO buckets VALUES (?, ?)', name, now);
    if (!this.#buckets.has(name)) this.#buckets.set(name, now);
  }

  deleteBucket(name: string): void {
    this.#run('DELETE FROM buckets WHERE name = ?', name);
    this.#buckets.delete(name);
  }

  object(bucket: string, key: string): ObjectEntry | undefined {
    const row = this.#get('SELECT * FROM objects WHERE bucket = ? AND key = ?', bucket, key) as ObjectRow | undefined;
    return row === undefined ? undefined : toObject(row);
  }

  /** What a condition or a removal needs of an object, without its data. */
  objectSummary(bucket: string, key: string): { readonly etag: string; readonly id: string; readonly segments: Segment[] } | undefined {
    const row = this.#get(
      'SELECT etag, id, segments FROM objects WHERE bucket = ? AND key = ?',
      bucket,
      key,
    ) as { etag: string; id: string; segments: string | null } | undefined;
    return row === undefined ? undefined : { etag: row.etag, id: row.id, segments: toSegments(row.segments) };
  }

  putObject(object: ObjectEntry): void {
    this.#run(
      `INSERT INTO objects (bucket, key, size, etag, modified, id, headers, checksum, segments, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (bucket, key) DO UPDATE SET size = excluded.size, etag = excluded.etag, modified = excluded.modified,
       id = excluded.id, headers = excluded.headers, checksum = excluded.checksum, segments = excluded.segments,
       body = excluded.body`,
      object.bucket,
      object.key,
      object.size,
      object.etag,
      object.modified,
      object.id,
      JSON.stringify(object.headers),
      object.checksum === undefined ? null : JSON.stringify(object.checksum),
      object.segments.length === 0 ? null : JSON.stringify(object.segments),
      object.body ?? null,
    );
  }

  deleteObject(bucket: string, key: string): void {
    this.#run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucket, key);
  }

  /** Objects in the order of their keys' UTF-8 bytes, from `from` (itself left out when `after`) to before `to`. */
  list(bucket: string, from: string, after: boolean, to: string | undefined, limit: number): ListedObject[] {
    const upper = to === undefined ? '' : 'AND key < ?';
    return this.#all<ListedObject>(
      `SELECT key, size, etag, modified FROM objects WHERE bucket = ? AND key ${after ? '>' : '>='} ? ${upper}
       ORDER BY key LIMIT ?`,
      bucket,
      from,
      ...(to === undefined ? [] : [to]),
      limit,
    );
  }

  putUpload(upload: Upload): void {
    this.#run('INSERT INTO uploads VALUES (?, ?, ?, ?)', upload.id, upload.bucket, upload.key, JSON.stringify(upload));
  }

  upload(bucket: string, key: string, id: string): Upload | undefined {
    const row = this.#get(
      'SELECT upload FROM uploads WHERE id = ? AND bucket = ? AND key = ?',
      id,
      bucket,
      key,
    ) as { upload: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.upload) as Upload);
  }

  uploads(bucket: string): Upload[] {
    const rows = this.#all<{ upload: string }>('SELECT upload FROM uploads WHERE bucket = ? ORDER BY key, id', bucket);
    return rows.map((row) => JSON.parse(row.upload) as Upload);
  }

  putPart(upload: string, part: Part): void {
    this.#run('INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)', upload, part.number, part.file, JSON.stringify(part));
  }

  part(upload: string, number: number): Part | undefined {
    const row = this.#get('SELECT part FROM parts WHERE upload = ? AND number = ?', upload, number) as { part: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.part) as Part);
  }

  /** In the order of their numbers. */
  parts(upload: string): Part[] {
    const rows = this.#all<{ part: string }>('SELECT part FROM parts WHERE upload = ? ORDER BY number', upload);
    return rows.map((row) => JSON.parse(row.part) as Part);
  }

  deleteUpload(id: string): void {
    this.#run('DELETE FROM parts WHERE upload = ?', id);
    this.#run('DELETE FROM uploads WHERE id = ?', id);
  }

  /** Every file that an object or a part names. */
  files(): Set<string> {
    const files = new Set(this.#all<{ file: string }>('SELECT file FROM parts').map(({ file }) => file));
    const rows = this.#all<{ segments: string }>('SELECT segments FROM objects WHERE segments IS NOT NULL');
    for (const row of rows) for (const { file } of toSegments(row.segments)) files.add(file);
    return files;
  }

  /** Keeps an event until `deleteEvent`; returns its number. */
  putEvent(event: unknown): number {
    return Number(this.#run('INSERT INTO events (event) VALUES (?)', JSON.stringify(event)).lastInsertRowid);
  }

  deleteEvent(number: number): void {
    this.#run('DELETE FROM events WHERE number = ?', number);
  }

  events(): { readonly number: number; readonly event: string }[] {
    return this.#all('SELECT number, event FROM events ORDER BY number');
  }

  #run(sql: string, ...values: SqlValue[]): { lastInsertRowid: number | bigint } {
    return this.#statement(sql).run(...values);
  }

  #get(sql: string, ...values: SqlValue[]): unknown {
    return this.#statement(sql).get(...values);
  }

  #all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

type SqlValue = string | number | null | Uint8Array;

interface ObjectRow {
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly headers: string;
  readonly checksum: string | null;
  readonly segments: string | null;
  readonly body: Uint8Array | null;
}

function toObject(row: ObjectRow): ObjectEntry {
  const { bucket, key, id, size, etag, modified } = row;
  return {
    ...{ bucket, key, id, size, etag, modified },
    headers: JSON.parse(row.headers) as Record<string, string>,
    ...(row.checksum === null ? {} : { checksum: JSON.parse(row.checksum) as Checksum }),
    ...(row.body === null ? {} : { body: row.body }),
    segments: toSegments(row.segments),
  };
}

function toSegments(json: string | null): Segment[] {
  return json === null ? [] : (JSON.parse(json) as Segment[]);
}
