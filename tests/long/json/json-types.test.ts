/** Values inside JSON documents whose types a dump's text loses arrive with them, or are refused by name before the import. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Connection } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';
import type { Pair } from '../../../local/mysql/versions.ts';
import { Bench } from '../../integration/containers/bench.ts';
import { availableOf } from '../matrix/available.ts';

const pairs: readonly Pair[] = [
  { source: 'mysql-5.7', target: 'mysql-8.0' },
  { source: 'mysql-5.7', target: 'mysql-9.7' },
  { source: 'mysql-8.0', target: 'mysql-8.0' },
];

const documents: readonly string[] = [
  "JSON_OBJECT('when', CAST('2024-01-15' AS DATE), 'at', CAST('2024-01-15 10:20:30.5' AS DATETIME(6)))",
  "JSON_OBJECT('cost', CAST(1.50 AS DECIMAL(10,2)), 'list', JSON_ARRAY(CAST(7 AS DECIMAL(5,0)), 7, 7.25e0, 'text'))",
  "JSON_OBJECT('deep', JSON_OBJECT('odd \"key\\' .[0]', JSON_ARRAY(JSON_ARRAY(CAST('-12:00:01' AS TIME), NULL, TRUE))))",
  "JSON_ARRAY(CAST('1.10' AS DECIMAL(30,20)), '2024-01-15', 'base64:type15:AP8=')",
  'CAST(CAST(3.25 AS DECIMAL(5,2)) AS JSON)',
  "JSON_OBJECT('plain', 1, 'text', '10:20:30.000000')",
  // Of these MySQL 8.0 would read other numbers from the text.
  'JSON_ARRAY(1022.8571428571429e0, -11.582428590305867e0, 8.038122467665779e-125, 1.7976931348623157e308, 0.1e0)',
  'NULL',
];

for (const pair of pairs) {
  const [source] = await availableOf([pair.source]);
  const [target] = await availableOf([pair.target]);
  if (source === undefined || target === undefined) continue;
  describe(`JSON documents from ${source} to ${target}`, { concurrency: 1 }, () => {
    let bench: Bench;
    const started = new AsyncDisposableStack();
    after(() => started.disposeAsync());
    before(async () => {
      bench = await Bench.start(started, pair);
    });

    async function fill(database: string, ...statements: readonly string[]): Promise<void> {
      for (const sql of [`CREATE DATABASE \`${database}\``, `USE \`${database}\``, ...statements]) await bench.sourceAdmin.query(sql);
    }

    async function migrate(database: string): Promise<string> {
      for (const stage of ['dump', 'import', 'verify'] as const) {
        const { exitCode } = await bench.run(stage, database);
        const { error } = await bench.report(stage, database);
        if (error !== undefined) return `${stage}: ${error.name}: ${error.message}`;
        assert.equal(exitCode, 0);
      }
      return 'VERIFIED';
    }

    it('arrive with the types of their values, by keys of several kinds', async () => {
      const values = documents.map((document, index) => `('ké\\'y ${index}', x'00${index}${index}', ${document})`);
      await fill(
        'typed',
        "CREATE TABLE docs (name VARCHAR(20) CHARACTER SET latin1, part VARBINARY(4), d JSON, changed TIMESTAMP DEFAULT '2001-01-01' ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY (name, part))",
        `INSERT INTO docs (name, part, d) VALUES ${values.join(', ')}`,
        'CREATE TABLE numbered (id BIGINT PRIMARY KEY, d JSON, again JSON AS (JSON_EXTRACT(d, \'$.cost\')))',
        `INSERT INTO numbered (id, d) VALUES ${documents.map((document, index) => `(${index - 3}, ${document})`).join(', ')}`,
      );
      assert.equal(await migrate('typed'), 'VERIFIED');
      for (const table of ['docs', 'numbered']) {
        const [onSource, onTarget] = [await typesOf(bench.sourceAdmin, table), await typesOf(bench.targetAdmin, table)];
        assert.deepEqual(onTarget, onSource);
        assert.ok(JSON.stringify(onSource).includes('DECIMAL'));
      }
      const [times] = await bench.targetAdmin.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM typed.docs WHERE changed <> '2001-01-01'");
      assert.equal(Number(times[0]?.['n']), 0);
    });

    it('without a primary key are refused by name before the import', async () => {
      await fill('keyless', 'CREATE TABLE docs (d JSON)', `INSERT INTO docs VALUES (${documents[0] ?? ''}), (${documents[1] ?? ''}), ('{"a": 1.5}')`);
      const said = await migrate('keyless');
      assert.match(said, /^dump: AssessmentBlocked: .*json-types-lost \(column docs\.d: .*1 DATE\b.*primary key/);
    });

    it('of binary values that no expression makes again are refused by name', async () => {
      await fill('binary', 'CREATE TABLE docs (id INT PRIMARY KEY, b BLOB, d JSON)', "INSERT INTO docs (id, b) VALUES (1, x'00ff')", "UPDATE docs SET d = JSON_OBJECT('b', b)");
      assert.match(await migrate('binary'), /^dump: AssessmentBlocked: .*column docs\.d: 1 BLOB/);
    });

    it('that lost their types on the way are never called equal', async () => {
      await fill('lossy', 'CREATE TABLE docs (id INT PRIMARY KEY, d JSON)', "INSERT INTO docs VALUES (1, JSON_OBJECT('cost', CAST(1.5 AS DECIMAL(3,1))))");
      assert.equal((await bench.run('dump', 'lossy')).exitCode, 0);
      assert.equal((await bench.importOnly('lossy')).exitCode, 0);
      await bench.targetAdmin.query("UPDATE lossy.docs SET d = NULL");
      await bench.targetAdmin.query("UPDATE lossy.docs SET d = '{\"cost\": 1.5}'");
      await bench.run('verify', 'lossy');
      const { error } = await bench.report('verify', 'lossy');
      assert.equal(error?.name, 'VerificationMismatch');
      assert.match(error.message, /`docs`: values inside the JSON documents of `d` have other types: 1 DECIMAL on the source, 0 on the target/);
    });
  });
}

/** Text and types of what each document holds, in the order of the rows. */
async function typesOf(connection: Connection, table: string): Promise<unknown[]> {
  const paths = ['$', '$.when', '$.at', '$.cost', '$.list[0]', '$.list[1]', '$.list[2]', '$.deep."odd \\"key\' .[0]"[0][0]', '$[0]', '$[1]', '$[2]', '$[3]'];
  const types = paths.map((path) => `JSON_TYPE(JSON_EXTRACT(d, ${connection.escape(path)}))`).join(', ');
  const [rows] = await connection.query<RowDataPacket[]>({ sql: `SELECT CAST(d AS CHAR), ${types} FROM typed.${table} ORDER BY 1`, rowsAsArray: true });
  return rows;
}
