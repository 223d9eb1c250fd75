/** The databases that a run's input names, checked. */
import { GetObjectCommand, NoSuchBucket, NoSuchKey, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import type { WorkflowInput } from '../../core/contracts.ts';
import { decodeList, parseList } from '../../core/database-lists/list-text.ts';
import { FerryError } from '../../core/errors.ts';
import { checkDatabaseName } from '../../core/names.ts';

const namedFlaws = 20;

/**
 * Every name of `databases`, of the list in S3, and of `replace`, once each, in that order.
 * @throws FerryError EmptyDatabaseList, InvalidDatabaseName, SystemDatabase, InvalidInput (no such list)
 */
export async function readNames(s3: S3Client, input: WorkflowInput): Promise<string[]> {
  const names = new Set(input.databases);
  if (input.databaseList !== undefined) for (const name of await readList(s3, input.databaseList)) names.add(name);
  for (const name of input.replace) names.add(name);
  if (names.size === 0) throw new FerryError('EmptyDatabaseList', `The input of the migration ${input.migration} names no database.`);
  checkNames(names);
  return [...names];
}

/** @throws FerryError InvalidDatabaseName, InvalidInput */
async function readList(s3: S3Client, url: string): Promise<string[]> {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  const what = `The database list ${url}`;
  const { names, flaws } = parseList(decodeList(await readObject(s3, url, bucket, key), what));
  if (flaws.length === 0) return names.map(({ name }) => name);
  const named = flaws.slice(0, namedFlaws).map(({ line, message }) => `Line ${line}: ${message}`);
  throw new FerryError('InvalidDatabaseName', `${what} has ${flaws.length === 1 ? 'a line that is no name' : `${flaws.length} lines that are no names`}. ${named.join(' ')} Nothing was registered.`);
}

async function readObject(s3: S3Client, url: string, bucket: string, key: string): Promise<Uint8Array> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (Body !== undefined) return await Body.transformToByteArray();
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'AccessDenied') {
      const message = `The database list ${url} may not be read: put it under <migration>/lists/ in the bucket of the stack.`;
      throw new FerryError('InvalidInput', message, { cause: error });
    }
    if (!(error instanceof NoSuchKey || error instanceof NoSuchBucket)) throw error;
  }
  throw new FerryError('InvalidInput', `The database list ${url} does not exist.`);
}

/** Reports every name that is wrong, not only the first. */
function checkNames(names: Iterable<string>): void {
  const flaws: FerryError[] = [];
  for (const name of names) {
    try {
      checkDatabaseName(name);
    } catch (error) {
      flaws.push(FerryError.from(error));
    }
  }
  const [worst] = [...flaws].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (worst === undefined) return;
  const more = flaws.length > namedFlaws ? ` And ${flaws.length - namedFlaws} more.` : '';
  throw new FerryError(worst.name, `${flaws.slice(0, namedFlaws).map(({ message }) => message).join(' ')}${more} Nothing was registered.`);
}
