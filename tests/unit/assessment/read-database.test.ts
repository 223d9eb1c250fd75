import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Query } from '../../../core/assessment/facts.ts';
import { noCostlyFacts } from '../../../core/assessment/facts.ts';
import { readCostlyFacts } from '../../../core/assessment/read-costly.ts';
import { readDatabase } from '../../../core/assessment/read-database.ts';
import { readStructureBy } from '../../../core/objects/read-structure.ts';
import { SchemaReader } from '../../../core/objects/schema-reader.ts';
import { column, database, foreignKey, table } from './facts.ts';

/** Answers a query by the first pattern that it matches, and remembers what was asked. */
function answering(answers: readonly (readonly [RegExp, readonly unknown[] | Error])[]): { query: Query; asked: string[] } {
  const asked: string[] = [];
  const query = <Row>(sql: string): Promise<Row[]> => {
    asked.push(sql);
    const answer = answers.find(([pattern]) => pattern.test(sql))?.[1] ?? [];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as Row[]);
  };
  return { query, asked };
}

const tableRow = { type: 'BASE TABLE', engine: 'InnoDB', rowFormat: 'Compact', tableRows: '3', averageRow: '20', dataBytes: '16384', indexBytes: 0, collation: 'latin1_swedish_ci', options: '', comment: '' };
const viewRow = { ...tableRow, type: 'VIEW', engine: null, rowFormat: null, tableRows: null, averageRow: null, dataBytes: null, indexBytes: null, collation: null, options: null, comment: 'VIEW' };

describe('reading a database', () => {
  it('makes facts of rows, whose numbers come as text', async () => {
    const { query } = answering([
      [/SCHEMATA/, [{ characterSet: 'utf8', collation: 'utf8_general_ci' }]],
      [/information_schema\.TABLES/, [{ ...tableRow, name: 'child', options: 'row_format=FIXED' }, { ...viewRow, name: 'v', comment: 'View references invalid table(s)' }]],
      [/COLUMNS/, [{ tableName: 'child', name: 'a', dataType: 'VARCHAR', type: 'varchar(10)', nullable: 'YES', defaultValue: null, characterSet: 'utf8', collation: 'utf8_general_ci', maximumLength: '10', maximumBytes: '30', extra: 'AUTO_INCREMENT', expression: null }]],
      [/STATISTICS/, [{ tableName: 'child', name: 'k', nonUnique: '1', columnName: 'a', prefix: '5', type: 'BTREE' }, { tableName: 'child', name: 'k', nonUnique: '1', columnName: 'b', prefix: null, type: 'BTREE' }]],
      [/KEY_COLUMN_USAGE/, ['a', 'b'].map((name) => ({ tableName: 'child', name: 'fk', columnName: name, parentDatabase: 'shop', parentTable: 'parent', parentColumn: `p_${name}` }))],
      [/VIEWS/, [{ tableName: 'v', definer: 'app@%', security: 'INVOKER', definition: 'select 1' }]],
      [/SHOW TRIGGERS/, [{ Trigger: 'tr', Table: 'child', Statement: 'SET NEW.a = 1', sql_mode: 'ANSI', Definer: 'app@%' }]],
      [/mysql\.proc/, [{ schemaName: 'shop', kind: 'event', name: 'e', definer: 'app@%', sqlMode: '', body: 'DELETE FROM child', status: 'DISABLED' }]],
    ]);
    const facts = await readDatabase({ query, name: 'shop', version: '5.6.24', depth: 'full' });
    assert.equal(facts.characterSet, 'utf8');
    const [child] = facts.tables;
    assert.deepEqual(facts.tables.map(({ name }) => name), ['child']);
    assert.deepEqual([child?.rows, child?.dataBytes, child?.options], [3, 16384, 'row_format=fixed']);
    assert.deepEqual(child?.columns.map(({ dataType, nullable, maximumBytes, extra }) => [dataType, nullable, maximumBytes, extra]), [['varchar', true, 30, 'auto_increment']]);
    assert.deepEqual(child.indexes, [{ name: 'k', unique: false, type: 'BTREE', columns: [{ name: 'a', prefix: 5 }, { name: 'b', prefix: null }] }]);
    assert.deepEqual(facts.foreignKeys, [{ name: 'fk', table: 'child', columns: ['a', 'b'], parentDatabase: 'shop', parentTable: 'parent', parentColumns: ['p_a', 'p_b'] }]);
    assert.deepEqual(facts.views, [{ name: 'v', definer: 'app@%', runsAsInvoker: true, definition: 'select 1', flaw: 'View references invalid table(s)' }]);
    assert.deepEqual(facts.programs.map(({ kind, name, table: of, enabled }) => [kind, name, of, enabled]), [['trigger', 'tr', 'child', true], ['event', 'e', undefined, false]]);
  });

  it('names one schema in every query, and asks only what there is', async () => {
    const { query, asked } = answering([[/information_schema\.TABLES/, [{ ...tableRow, name: 'a' }]]]);
    await readDatabase({ query, name: "o'hare", version: '5.6.24', depth: 'full' });
    assert.equal(asked.length, 7);
    const name = "o'hare";
    for (const sql of asked) assert.ok(sql.includes(`_utf8mb4 x'${Buffer.from(name).toString('hex')}'`) || sql === "SHOW TRIGGERS FROM `o'hare`", sql);
  });

  it('asks less before a dump: no indexes, no foreign keys but those whose names may be too long or that refer to other databases', async () => {
    const long = 'p'.repeat(58);
    const listed = { TABLE_SCHEMA: 'shop', TABLE_TYPE: 'BASE TABLE', ENGINE: 'InnoDB' };
    const key = (table: string, schema: string): unknown => ({ TABLE_SCHEMA: 'shop', TABLE_NAME: table, CONSTRAINT_NAME: `${table}_fk`, REFERENCED_TABLE_SCHEMA: schema, REFERENCED_TABLE_NAME: 'x' });
    const { query, asked } = answering([
      [/SCHEMATA/, [{ SCHEMA_NAME: 'shop', ignores_case: '0' }]],
      [/information_schema\.TABLES/, [{ ...listed, TABLE_NAME: 'a' }, { ...listed, TABLE_NAME: long }]],
      [/KEY_COLUMN_USAGE/, [key('a', 'shop'), key('b', 'stock'), key(long, 'shop')]],
    ]);
    const facts = await readDatabase({ query, name: 'shop', version: '5.6.24', depth: 'branch' });
    assert.ok(!asked.some((sql) => /STATISTICS|PARTITIONS/.test(sql)));
    assert.deepEqual(facts.foreignKeys.map(({ table, parentDatabase }) => [table, parentDatabase]), [['b', 'stock'], [long, 'shop']]);
  });

  it('makes the same facts of the rows that a dump reads', async () => {
    const rows = [{ TABLE_SCHEMA: 'shop', TABLE_NAME: 'child', TABLE_TYPE: 'BASE TABLE', ENGINE: 'MyISAM', TABLE_ROWS: 3, CREATE_OPTIONS: 'row_format=FIXED', update_seconds: '17' }];
    const columns = [{ TABLE_SCHEMA: 'shop', TABLE_NAME: 'child', COLUMN_NAME: 'a', DATA_TYPE: 'VARCHAR', IS_NULLABLE: 'YES', CHARACTER_OCTET_LENGTH: '30', EXTRA: 'AUTO_INCREMENT', GENERATION_EXPRESSION: '' }];
    const trigger = { EVENT_OBJECT_SCHEMA: 'shop', EVENT_OBJECT_TABLE: 'child', TRIGGER_NAME: 'tr', ACTION_STATEMENT: 'SET NEW.a = 1', SQL_MODE: 'ANSI', DEFINER: 'app@%' };
    const { query } = answering([
      [/SCHEMATA/, [{ SCHEMA_NAME: 'shop', DEFAULT_CHARACTER_SET_NAME: 'utf8', DEFAULT_COLLATION_NAME: 'utf8_general_ci', ignores_case: 0 }]],
      [/information_schema\.TABLES/, rows],
      [/COLUMNS/, columns],
      [/information_schema\.TRIGGERS/, [trigger, { ...trigger, EVENT_OBJECT_SCHEMA: 'Shop', TRIGGER_NAME: 'others' }]],
    ]);
    const facts = await readDatabase({ query, name: 'shop', version: '5.7.22', depth: 'branch' });
    const [child] = facts.tables;
    assert.deepEqual([facts.characterSet, facts.collation], ['utf8', 'utf8_general_ci']);
    assert.deepEqual([child?.rows, child?.updatedAt, child?.options], [3, 17, 'row_format=fixed']);
    assert.deepEqual(child?.columns.map(({ dataType, nullable, maximumBytes, extra, expression }) => [dataType, nullable, maximumBytes, extra, expression]), [['varchar', true, 30, 'auto_increment', null]]);
    assert.deepEqual(facts.programs.map(({ name, table: of, definer, body, sqlMode }) => [name, of, definer, body, sqlMode]), [['tr', 'child', 'app@%', 'SET NEW.a = 1', 'ANSI']]);
  });

  it('asks the server once for what the dump reads too', async () => {
    const listed = { TABLE_SCHEMA: 'shop', TABLE_NAME: 'a', TABLE_TYPE: 'BASE TABLE', ENGINE: 'InnoDB' };
    const { query, asked } = answering([[/SCHEMATA/, [{ SCHEMA_NAME: 'shop', ignores_case: '0' }]], [/information_schema\.TABLES/, [listed]]]);
    const reader = new SchemaReader(query, 'shop', { version: '5.6.24', forDump: true });
    await readDatabase({ query, name: 'shop', version: '5.6.24', depth: 'branch', reader });
    await readStructureBy(reader);
    assert.equal(new Set(asked).size, asked.length);
    const views = asked.flatMap((sql) => /information_schema\.(\w+)/.exec(sql)?.[1] ?? []);
    assert.equal(new Set(views).size, views.length, views.join());
  });

  it('asks for a few views by their names, and for many by their schema', async () => {
    const viewQuery = async (count: number): Promise<string> => {
      const { query, asked } = answering([[/information_schema\.TABLES/, Array.from({ length: count }, (_, number) => ({ ...viewRow, name: `v${number}` }))]]);
      await readDatabase({ query, name: 'shop', version: '5.6.24', depth: 'full' });
      return asked.find((sql) => sql.includes('VIEWS')) ?? '';
    };
    assert.equal((await viewQuery(2)).match(/TABLE_NAME = 'v/g)?.length, 2);
    assert.doesNotMatch(await viewQuery(11), /TABLE_NAME = /);
  });

  it('reads routines from information_schema on MySQL 8, and where mysql.proc is closed to the account', async () => {
    const denied = Object.assign(new Error('SELECT command denied'), { errno: 1142, sqlState: '42000' });
    const onEight = answering([]);
    await readDatabase({ query: onEight.query, name: 'shop', version: '8.0.39', depth: 'full' });
    assert.ok(!onEight.asked.some((sql) => sql.includes('mysql.proc')));
    const closed = answering([[/mysql\.proc/, denied], [/ROUTINES/, ['Shop', 'shop'].map((schemaName) => ({ schemaName, kind: 'procedure', name: `${schemaName}s`, definer: 'a@b', sqlMode: '', body: null, status: 'ENABLED' }))]]);
    const { programs } = await readDatabase({ query: closed.query, name: 'shop', version: '5.6.24', depth: 'full' });
    assert.deepEqual(programs.map(({ name, body }) => [name, body]), [['shops', '']]);
  });

  it('passes on what else the server answers', async () => {
    const lost = Object.assign(new Error('gone'), { errno: 2013, sqlState: 'HY000' });
    await assert.rejects(readDatabase({ query: answering([[/COLUMNS/, lost]]).query, name: 'shop', version: '5.6.24', depth: 'full' }), lost);
  });
});

describe('reading what costs more', () => {
  const facts = database({
    tables: [table('child', { engine: 'MyISAM', columns: [column('b', 'longblob'), column('t', 'text'), column('n', 'int(11)')] }), table('parent'), table('gone', { engine: null })],
    foreignKeys: [foreignKey({ columns: ['x', 'y'], parentColumns: ['p', 'q'] }), foreignKey({ name: 'lost', parentTable: 'nowhere' })],
  });

  it('reads nothing that was not asked for', async () => {
    const { query, asked } = answering([]);
    assert.deepEqual(await readCostlyFacts(query, facts, new Set(), '5.6.24'), noCostlyFacts);
    assert.deepEqual(asked, []);
  });

  it('counts rows without their parent, of which none of the columns is NULL', async () => {
    const { query, asked } = answering([[/NOT EXISTS/, [{ n: '2' }]]]);
    const { orphans } = await readCostlyFacts(query, facts, new Set(['orphan-rows']), '5.6.24');
    assert.deepEqual([...orphans], [['child\0child_ibfk_1', 2]]);
    assert.match(asked[0] ?? '', /child\.`x` IS NOT NULL AND child\.`y` IS NOT NULL AND NOT EXISTS .*child\.`x` = parent\.`p` AND child\.`y` = parent\.`q`/);
  });

  it('measures rows as a dump writes them: binary values twice', async () => {
    const { query, asked } = answering([[/MAX/, [{ bytes: '12' }]]]);
    const { longestRows } = await readCostlyFacts(query, facts, new Set(['row-sizes']), '5.6.24');
    assert.deepEqual([...longestRows], [['child', 12]]);
    assert.deepEqual(asked, ['SELECT MAX(2 * COALESCE(LENGTH(`b`), 0) + COALESCE(LENGTH(`t`), 0)) AS bytes FROM `shop`.`child`']);
  });

  it('checks the tables of engines that can crash', async () => {
    const { query, asked } = answering([[/CHECK/, [{ Msg_type: 'warning', Msg_text: 'open' }, { Msg_type: 'error', Msg_text: 'Size of datafile is: 20' }]]]);
    const { damages } = await readCostlyFacts(query, facts, new Set(['crashed-tables']), '5.6.24');
    assert.deepEqual([...damages], [['child', 'Size of datafile is: 20']]);
    assert.deepEqual(asked, ['CHECK TABLE `shop`.`child` QUICK']);
  });
});
