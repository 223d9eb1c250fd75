/** The stage `import`: values inside JSON documents get back the types that the dump's text could not carry. */
import { createHash } from 'node:crypto';
import type { Manifest } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { conditionOf, typedDocumentSchema, typedLiteral } from '../../core/json-values/documents.ts';
import type { TypedDocument } from '../../core/json-values/documents.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { textLiteral } from '../../core/sql-text.ts';
import { BatchError, bytesAsText } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';
import { importFailure } from './rejections.ts';

const statementsAtOnce = 100;

/**
 * After the rows, before the triggers. Columns that note the time of an UPDATE keep what they have.
 * @throws FerryError DumpMissing, DumpCorrupt, ImportRejected, ImportInterrupted, StorageFailed
 */
export async function restoreJsonValues(context: TaskContext, session: MysqlSession, manifest: Manifest): Promise<void> {
  const { jsonValues, database } = manifest;
  if (jsonValues === undefined) return;
  const documents = await readDocuments(context, jsonValues);
  const kept = await keptColumns(session, database);
  const updates = documents.flatMap((document) => updatesOf(database, document, kept.get(document.table) ?? []));
  await run(session, database, ['START TRANSACTION']);
  for (let start = 0; start < updates.length; start += statementsAtOnce) await run(session, database, updates.slice(start, start + statementsAtOnce));
  await run(session, database, ['COMMIT']);
}

async function readDocuments({ storage, signal }: TaskContext, { key, bytes, sha256 }: NonNullable<Manifest['jsonValues']>): Promise<TypedDocument[]> {
  const place = `s3://${storage.bucket}/${key}`;
  const stream = await storage.openStream(key, signal);
  if (stream === undefined) throw new FerryError('DumpMissing', `The dump's object ${place} is not in the bucket.`);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  const isWhole = content.length === bytes && createHash('sha256').update(content).digest('hex') === sha256;
  if (!isWhole) throw new FerryError('DumpCorrupt', `${place} is not what was dumped: its size or its SHA-256 is not that of its manifest.`);
  const lines = content.toString('utf8').split('\n').filter((line) => line !== '');
  return lines.map((line) => typedDocumentSchema.parse(JSON.parse(line)));
}

/** By table, the columns that an UPDATE would set to its own time. */
async function keptColumns(session: MysqlSession, database: string): Promise<Map<string, string[]>> {
  const rows = await session.query<{ t: string; c: string }>(
    `SELECT TABLE_NAME AS t, COLUMN_NAME AS c FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${textLiteral(database)} AND EXTRA LIKE '%on update%'`,
  );
  const columns = new Map<string, string[]>();
  for (const { t, c } of rows) columns.set(t, [...(columns.get(t) ?? []), c]);
  return columns;
}

/** Two statements where a number is to become a DECIMAL: an UPDATE changes nothing where old and new are equal numbers. */
function updatesOf(database: string, { table, column, key, values }: TypedDocument, kept: readonly string[]): string[] {
  const name = quoteIdentifier(column);
  const others = kept.map((each) => `, ${quoteIdentifier(each)} = ${quoteIdentifier(each)}`).join('');
  const target = `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
  const update = (replaced: readonly string[]): string[] =>
    replaced.length === 0
      ? []
      : [`UPDATE ${target} SET ${name} = JSON_REPLACE(${name}, ${replaced.join(', ')})${others} WHERE ${conditionOf(key)}`];
  const decimals = values.filter(([, type]) => type === 'DECIMAL');
  const passing = decimals.flatMap(([path, , text]) => [textLiteral(path), Number(text) === 0 ? '1' : '0']);
  const typed = values.flatMap(([path, type, text]) => {
    const literal = typedLiteral(type, text);
    return literal === undefined ? [] : [textLiteral(path), literal];
  });
  return [...update(passing), ...update(typed)];
}

async function run(session: MysqlSession, database: string, statements: readonly string[]): Promise<void> {
  try {
    await session.executeAll(statements.map(bytesAsText));
  } catch (error) {
    const cause = error instanceof BatchError ? error.cause : error;
    throw importFailure(cause, { database, sql: 'UPDATE of values inside JSON documents' });
  }
}
