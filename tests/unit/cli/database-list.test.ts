import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import type { Context } from '../../../cli/context.ts';
import { readDatabaseList } from '../../../cli/database-list.ts';
import { FerryError } from '../../../core/errors.ts';

function contextReading(input: string | Buffer, stderr?: PassThrough): Context {
  return { stdin: Readable.from([Buffer.from(input)]), stderr } as unknown as Context;
}

async function refusal(list: Promise<unknown>): Promise<FerryError> {
  try {
    await list;
  } catch (error) {
    assert.ok(error instanceof FerryError);
    return error;
  }
  throw new Error('was not refused');
}

describe('the list of databases', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-list-'));
  });
  after(() => rm(directory, { recursive: true }));

  async function file(content: string | Buffer): Promise<string> {
    const path = join(directory, 'list.txt');
    await writeFile(path, content);
    return path;
  }

  it('reads a file with a byte order mark, carriage returns and empty lines', async () => {
    const path = await file('\uFEFFcrm\r\n\r\n数据库\n#1 shop\n');
    assert.deepEqual(await readDatabaseList(contextReading(''), [], path), ['crm', '数据库', '#1 shop']);
  });

  it('reads standard input', async () => {
    assert.deepEqual(await readDatabaseList(contextReading('a\nb'), [], undefined), ['a', 'b']);
    assert.deepEqual(await readDatabaseList(contextReading('a\nb'), [], '-'), ['a', 'b']);
  });

  it('takes # and a blank for a comment, and says so', async () => {
    const stderr = new PassThrough();
    assert.deepEqual(await readDatabaseList(contextReading('crm\n# comment\n#1 shop\n# more\n', stderr), [], undefined), ['crm', '#1 shop']);
    assert.equal(String(stderr.read()), 'Standard input: 2 lines beginning with # taken as comments, the first of them line 2.\n');
  });

  it('reads UTF-16 as Windows writes it, from a file and from standard input, and loses no byte that is no UTF-8', async () => {
    const bytes = Buffer.from('\ufeffcrm\r\n数据库\r\n', 'utf16le');
    assert.deepEqual(await readDatabaseList(contextReading(''), [], await file(bytes)), ['crm', '数据库']);
    assert.deepEqual(await readDatabaseList(contextReading(bytes), [], undefined), ['crm', '数据库']);
    assert.match((await refusal(readDatabaseList(contextReading(Buffer.from([0x67, 0xe9])), [], undefined))).message, /^Standard input is not UTF-8/);
  });

  it('reports every flaw at once, with its line and name', async () => {
    const error = await refusal(readDatabaseList(contextReading('crm\ntrailing \nmysql\ncrm\n'), [], undefined));
    assert.equal(error.name, 'InvalidDatabaseName');
    assert.equal(
      error.message,
      [
        '3 of 4 names cannot be used; nothing was started.',
        '  line 2: InvalidDatabaseName: Database name "trailing " ends with a space.',
        "  line 3: SystemDatabase: `mysql` is one of MySQL's own schemas.",
        '  line 4: DuplicateDatabase: `crm` was named before, on line 1.',
        "  SystemDatabase: Remove it from the list: MySQL's own schemas belong to the server, not to the fleet.",
        '  DuplicateDatabase: Name each database once (`sort -u` removes repeated lines).',
      ].join('\n'),
    );
  });

  it('shows twenty flaws and counts the rest', async () => {
    const lines = Array.from({ length: 50 }, () => 'crm').join('\n');
    const error = await refusal(readDatabaseList(contextReading(lines), [], undefined));
    assert.equal(error.name, 'DuplicateDatabase');
    assert.match(error.message, /^49 of 50 names/);
    assert.match(error.message, /line 21: `crm`/);
    assert.doesNotMatch(error.message, /line 22:/);
    assert.match(error.message, /and 29 more$/);
  });

  it('refuses an empty list, an unreadable file, a file of another encoding, and two lists', async () => {
    assert.equal((await refusal(readDatabaseList(contextReading('\n\n'), [], undefined))).name, 'EmptyDatabaseList');
    assert.match((await refusal(readDatabaseList(contextReading(''), [], join(directory, 'absent')))).message, /absent cannot be read: ENOENT/);
    const latin1 = await file(Buffer.from([0x67, 0xe9, 0x6e]));
    assert.match((await refusal(readDatabaseList(contextReading(''), [], latin1))).message, /is not UTF-8/);
    assert.match((await refusal(readDatabaseList(contextReading(''), ['a'], latin1))).message, /both as arguments and by --file/);
  });
});
