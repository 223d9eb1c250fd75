/** Accounts with some of the privileges that a dump needs, and a database that has an object of every kind. */
import assert from 'node:assert/strict';
import { zstdDecompressSync } from 'node:zlib';
import type { Connection } from 'mysql2/promise';
import { run as runDump } from '../../containers/dump/main.ts';
import type { Report } from '../../core/contracts.ts';
import { dumpPrefix } from '../../core/names.ts';
import { sourcePrivileges } from '../../core/privileges/needed.ts';
import type { RunningServer } from '../../local/mysql/source-server.ts';
import type { Bench } from '../integration/containers/bench.ts';
import { migration } from '../integration/containers/bench.ts';
import { testLog } from './test-log.ts';

export const database = 'shop_1';
export const account = "'limited'@'127.0.0.1'";
const password = 'only for a test';

/** @param admin in no database */
export async function makeEveryObject(admin: Connection): Promise<void> {
  const sql = [
    `CREATE DATABASE ${database}`,
    `USE ${database}`,
    'CREATE TABLE t (id INT PRIMARY KEY, c VARCHAR(10)) ENGINE=InnoDB',
    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    'CREATE TABLE m (id INT) ENGINE=MyISAM',
    'INSERT INTO m VALUES (1)',
    'CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1',
    'CREATE PROCEDURE p() SELECT 1',
    'CREATE VIEW v AS SELECT f(id) AS y FROM t',
    'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.c = UPPER(NEW.c)',
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2038-01-01' DO SELECT 2",
  ];
  for (const statement of sql) await admin.query(statement);
}

/** Everything that `makeEveryObject` makes, as structures name it and as a dump makes it. */
const objects: readonly (readonly [string, RegExp])[] = [
  ['table t', /CREATE TABLE `t`/], ['table m', /CREATE TABLE `m`/], ['view v', /VIEW `v` AS select/], ['function f', /FUNCTION `f`/],
  ['procedure p', /PROCEDURE `p`/], ['trigger tr', /TRIGGER `?tr`?/], ['event e', /EVENT `e`/],
];

/** The account anew, with these grants; `@` stands for it. */
export async function makeAccount(admin: Connection, grants: readonly string[]): Promise<void> {
  await admin.query(`DROP USER ${account}`).catch(() => undefined);
  await admin.query(`CREATE USER ${account} IDENTIFIED BY '${password}'`);
  for (const grant of grants) await admin.query(grant.replace('@', account));
}

export interface Attempt {
  readonly exitCode: number;
  readonly error: Report['error'];
  readonly sql: string;
  readonly objects: readonly string[];
}

let attempts = 0;

/** A dump with that account, and what it stored. */
export async function dumpAs(bench: Bench, server: RunningServer): Promise<Attempt> {
  attempts += 1;
  const attempt = attempts;
  const secret = { ...server.access, username: 'limited', password };
  await bench.claim(database, attempt);
  const environment = bench.environmentOf('dump', database, attempt, { SOURCE_SECRET: JSON.stringify(secret) });
  const exitCode = await runDump(environment, new AbortController().signal, testLog());
  const { error } = await bench.report('dump', database, attempt);
  if (exitCode !== 0) {
    assert.ok(!(await bench.hasObject(`${dumpPrefix(migration, database, attempt)}dump.sql.zst`)), 'A part was stored.');
    return { exitCode, error, sql: '', objects: [] };
  }
  const { parts, structure } = await bench.manifest(database, attempt);
  const texts = await Promise.all(parts.map(async ({ key }) => zstdDecompressSync(await bench.object(key)).toString('utf8')));
  return { exitCode, error, sql: texts.join('\n'), objects: Object.keys(structure ?? {}) };
}

export function assertWhole({ error, exitCode, sql, objects: found }: Attempt, when: string): void {
  assert.equal(exitCode, 0, `${when}: ${error?.message ?? ''}`);
  for (const [name, pattern] of objects) {
    assert.ok(found.includes(name), `${when}: ${name} is not expected`);
    assert.match(sql, pattern, `${when}: ${name} is not in the dump`);
  }
}

/** Refused by name, and what it says to grant makes it whole. */
export async function assertRefused(bench: Bench, server: RunningServer, admin: Connection, { lacking, when }: { readonly lacking: readonly string[]; readonly when: string }): Promise<void> {
  const { exitCode, error } = await dumpAs(bench, server);
  assert.equal(error?.name, 'SourcePrivilegeMissing', `${when}: exit code ${exitCode}, ${error?.name ?? 'no error'}: ${error?.message ?? ''}`);
  assert.match(error.message, new RegExp(`^\`${database}\` cannot be seen as a whole by Ferry's account: ${account} lacks `), when);
  for (const privilege of lacking) assert.match(error.message, new RegExp(`(?:lacks|,) ${privilege} on`), when);
  await giveWhatIsAsked(admin, error.message);
  assertWhole(await dumpAs(bench, server), `${when}, after ${error.message}`);
}

export async function giveWhatIsAsked(admin: Connection, message: string): Promise<void> {
  const statements = /Give it: (.*?;)(?: Its roles|$)/s.exec(message)?.[1]?.split(';').map((each) => each.trim()).filter((each) => each !== '') ?? [];
  assert.ok(statements.length > 0, message);
  for (const statement of statements) await admin.query(statement);
}

/** `GRANT a, b ON on TO …` of the documented privileges without some. */
export function documentedWithout(left: readonly string[], on = '*.*'): string {
  const ofServer = ['PROCESS', 'REPLICATION CLIENT'];
  const given = sourcePrivileges.filter((each) => !left.includes(each) && (on === '*.*' || !ofServer.includes(each)));
  return `GRANT ${given.join(', ')} ON ${on} TO @`;
}
