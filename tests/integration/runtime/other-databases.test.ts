/** Databases that refer to each other: one run ends with all of them verified, whatever the order and how many branches there are at once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LinkedFleet } from './linked-fleet.ts';

describe('databases that refer to each other', () => {
  let fleet: LinkedFleet;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    fleet = await LinkedFleet.open(started);
  });

  it('makes views that read from each other when both are there', async () => {
    await fleet.make(
      ['ma', 'mb'],
      'CREATE TABLE ma.t (id INT PRIMARY KEY) ENGINE=MyISAM',
      'CREATE TABLE mb.t (id INT PRIMARY KEY)',
      'INSERT INTO ma.t VALUES (1), (2)',
      'INSERT INTO mb.t VALUES (2), (3)',
      'CREATE SQL SECURITY INVOKER VIEW ma.v AS SELECT x.id FROM mb.t x JOIN ma.t USING (id)',
      'CREATE SQL SECURITY INVOKER VIEW ma.over_v AS SELECT id + 1 AS next FROM ma.v',
      'CREATE SQL SECURITY INVOKER VIEW ma.plain AS SELECT id FROM ma.t',
      'CREATE SQL SECURITY INVOKER VIEW mb.v AS SELECT MAX(id) AS top FROM ma.t',
    );
    const ended = await fleet.start('mutual', ['ma', 'mb'], { maxConcurrency: 1 });
    await fleet.assertVerified(ended, 'mutual', ['ma', 'mb']);
    assert.deepEqual(await fleet.onTarget('SELECT * FROM ma.over_v'), [{ next: '3' }]);
    assert.deepEqual(await fleet.onTarget('SELECT * FROM mb.v'), [{ top: 2 }]);
    const record = await fleet.record('mutual', 'ma');
    assert.deepEqual(record?.transitions.map(({ state, error = '' }) => `${state} ${error}`.trim()), [
      'PENDING', 'DUMPING', 'DUMPED', 'IMPORTING', 'IMPORTED', 'IMPORTED WaitsForDatabase', 'VERIFIED',
    ]);
    assert.equal(record.transitions[5]?.message, '2 objects of `ma` wait for `mb`: view `v` needs `mb`.`t`.');
    assert.deepEqual([record.error, record.owner], [undefined, undefined]);
  });

  it('makes a chain of views over three databases, in a pass for each', async () => {
    await fleet.make(
      ['ca', 'cb', 'cc'],
      'CREATE TABLE cc.t (id INT PRIMARY KEY)',
      'INSERT INTO cc.t VALUES (7)',
      'CREATE SQL SECURITY INVOKER VIEW cb.w AS SELECT id FROM cc.t',
      'CREATE SQL SECURITY INVOKER VIEW ca.v AS SELECT id FROM cb.w',
    );
    const ended = await fleet.start('chain', ['ca', 'cb', 'cc'], { maxConcurrency: 1 });
    await fleet.assertVerified(ended, 'chain', ['ca', 'cb', 'cc']);
    assert.deepEqual(await fleet.onTarget('SELECT * FROM ca.v'), [{ id: 7 }]);
  });

  it('makes views over views whose definers the target lacks, and leaves those as they are', async () => {
    await fleet.make(
      ['va', 'vb', 'vc'],
      'CREATE TABLE vc.t (id INT PRIMARY KEY)',
      'CREATE TABLE va.u (id INT PRIMARY KEY)',
      'CREATE VIEW va.low AS SELECT id FROM va.u',
      "CREATE VIEW vc.x AS SELECT id, 'größe' AS word FROM vc.t",
      'CREATE VIEW vb.w AS SELECT x.id, x.word FROM vc.x JOIN va.low USING (id)',
      'CREATE VIEW va.v AS SELECT id, word FROM vb.w',
      'CREATE VIEW va.top AS SELECT COUNT(*) AS n FROM va.v',
    );
    const ended = await fleet.start('definers', ['va', 'vb', 'vc']);
    await fleet.assertVerified(ended, 'definers', ['va', 'vb', 'vc']);
    const definers = await fleet.onTarget("SELECT TABLE_NAME AS v, DEFINER AS d FROM information_schema.VIEWS WHERE TABLE_SCHEMA IN ('va', 'vb', 'vc') ORDER BY v");
    assert.deepEqual(definers.map((row) => ({ ...(row as object) })), ['low', 'top', 'v', 'w', 'x'].map((v) => ({ v, d: 'root@127.0.0.1' })));
  });

  it('keeps foreign keys to each other, with the child before its parent, after it, and beside it', async () => {
    await fleet.make(
      ['ka', 'kb'],
      'CREATE TABLE ka.parent (id INT PRIMARY KEY)',
      'CREATE TABLE kb.parent (id INT PRIMARY KEY)',
      'CREATE TABLE ka.child (id INT PRIMARY KEY, p INT, CONSTRAINT of_b FOREIGN KEY (p) REFERENCES kb.parent (id))',
      'CREATE TABLE kb.child (id INT PRIMARY KEY, p INT, CONSTRAINT of_a FOREIGN KEY (p) REFERENCES ka.parent (id) ON DELETE CASCADE)',
      'INSERT INTO ka.parent VALUES (1)',
      'INSERT INTO kb.parent VALUES (2)',
      'INSERT INTO ka.child VALUES (1, 2)',
      'INSERT INTO kb.child VALUES (1, 1)',
    );
    await fleet.assertVerified(await fleet.start('keys', ['ka', 'kb'], { maxConcurrency: 1 }), 'keys', ['ka', 'kb']);
    await fleet.assertVerified(await fleet.start('keys', ['ka', 'kb'], { secondWave: true, maxConcurrency: 4 }), 'keys', ['ka', 'kb']);
    await fleet.assertVerified(await fleet.start('keys', ['kb'], { replace: ['kb'] }), 'keys', ['ka', 'kb']);
    await assert.rejects(fleet.onTarget('INSERT INTO ka.child VALUES (2, 3)'), { errno: 1452 });
    await fleet.onTarget('DELETE FROM ka.parent');
    assert.deepEqual(await fleet.onTarget('SELECT * FROM kb.child'), [], 'the key cascades across the databases');
  });

  it('refuses by name, before its dump, what refers to a database outside the fleet', async () => {
    await fleet.make(
      ['oa', 'ob', 'elsewhere'],
      'CREATE TABLE elsewhere.t (id INT PRIMARY KEY)',
      'CREATE TABLE oa.child (id INT PRIMARY KEY, CONSTRAINT out_there FOREIGN KEY (id) REFERENCES elsewhere.t (id))',
      'CREATE SQL SECURITY INVOKER VIEW ob.v AS SELECT id FROM elsewhere.t',
    );
    const ended = await fleet.start('outside', ['oa', 'ob']);
    assert.equal(ended.error, 'DatabasesDeadLettered');
    for (const [name, object] of [['oa', 'table child: out_there refers to elsewhere.t'], ['ob', 'view v: reads elsewhere.t']] as const) {
      const record = await fleet.record('outside', name);
      assert.deepEqual([record?.state, record?.error, record?.checkpoint], ['DEAD_LETTERED', 'AssessmentBlocked', 'NONE']);
      assert.match(record?.errorMessage ?? '', new RegExp(`other-database-missing \\(${object}\\)`));
    }
    await fleet.onTarget('CREATE DATABASE elsewhere', 'CREATE TABLE elsewhere.t (id INT PRIMARY KEY)');
    const allowed = await fleet.start('outside', ['oa', 'ob'], { allow: ['other-database-missing'] });
    await fleet.assertVerified(allowed, 'outside', ['oa', 'ob']);
  });

  it('shows no other database a stand-in of a view that waits', async () => {
    await fleet.make(
      ['ea', 'eb'],
      'CREATE TABLE eb.t (id INT PRIMARY KEY)',
      'CREATE TABLE ea.own (id INT PRIMARY KEY)',
      'CREATE SQL SECURITY INVOKER VIEW ea.b AS SELECT o.id FROM ea.own o JOIN eb.t ON t.id = o.id',
      'CREATE SQL SECURITY INVOKER VIEW ea.a AS SELECT id FROM ea.b',
    );
    await fleet.onTarget("SET GLOBAL log_output = 'TABLE'", 'TRUNCATE mysql.general_log', 'SET GLOBAL general_log = ON');
    await fleet.assertVerified(await fleet.start('stand-ins', ['ea', 'eb']), 'stand-ins', ['ea', 'eb']);
    await fleet.onTarget('SET GLOBAL general_log = OFF');
    const made = await fleet.onTarget("SELECT CONVERT(argument USING utf8mb4) AS sql_text FROM mysql.general_log WHERE argument LIKE '%CREATE%VIEW%'");
    const statements = made.map((row) => String(row['sql_text']));
    assert.ok(statements.some((text) => text.includes('VIEW `b`')), statements.join('\n'));
    assert.deepEqual(statements.filter((text) => /VIEW `[ab]` AS SELECT\s+(1|NULL) AS/i.test(text)), []);
  });

  it('gives up what waits for a dead letter, with that reason, and makes it when that one is repaired', async () => {
    await fleet.make(
      ['da', 'db', 'dc'],
      'CREATE TABLE db.t (id INT PRIMARY KEY)',
      'CREATE SQL SECURITY INVOKER VIEW da.v AS SELECT id FROM db.t',
      'CREATE SQL SECURITY INVOKER VIEW dc.v AS SELECT id FROM da.v',
    );
    await fleet.onTarget('CREATE DATABASE db');
    const held = await fleet.start('dead', ['da', 'db', 'dc']);
    assert.equal(held.error, 'DatabasesDeadLettered');
    assert.match(held.cause ?? '', /3 of 3 databases of dead are not verified \(3 dead-lettered\)/);
    assert.equal((await fleet.record('dead', 'db'))?.error, 'TargetDatabaseExists');
    assert.equal((await fleet.record('dead', 'db'))?.attempt, 1, 'no pass that nobody asked for has tried it again');
    assert.equal(
      (await fleet.record('dead', 'da'))?.errorMessage,
      '1 object of `da` waits for `db`: view `v` needs `db`.`t`. It waits in vain: `db` is dead-lettered (TargetDatabaseExists).',
    );
    assert.equal(
      (await fleet.record('dead', 'dc'))?.errorMessage,
      '1 object of `dc` waits for `da`: view `v` needs `da`.`v`. It waits in vain: `da` is dead-lettered (WaitsForDatabase).',
    );
    await fleet.onTarget('DROP DATABASE db');
    await fleet.assertVerified(await fleet.redrive(held), 'dead', ['da', 'db', 'dc']);
  });
});
