/** What is as on the source, and yet cannot run on the target, is said with the verification; and no more once its cause is gone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { verifiedObjectsSchema } from '../../../core/contracts.ts';
import { errnoOf } from '../../../core/mysql-failures.ts';
import { databaseItem, verifiedObjectsKey } from '../../../core/names.ts';
import { query } from '../../support/query.ts';
import { Bench, migration } from './bench.ts';

const database = 'runs_not';

describe('objects that cannot run', () => {
  let bench: Bench;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());
  before(async () => {
    bench = await Bench.start(started);
    await bench.sourceAdmin.query(`
      CREATE DATABASE ${database}; USE ${database};
      GRANT ALL ON ${database}.* TO 'appowner'@'10.1.%' IDENTIFIED BY 'secret';
      GRANT EXECUTE ON ${database}.* TO 'ferry'@'127.0.0.1';
      CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(40)) ENGINE=InnoDB;
      INSERT INTO users VALUES (1, 'amy'), (2, 'bob');
      CREATE FUNCTION uuid_to_bin(x VARCHAR(40)) RETURNS VARCHAR(50) DETERMINISTIC RETURN CONCAT('own ', x);
      CREATE DEFINER='appowner'@'10.1.%' VIEW owned AS SELECT COUNT(*) AS users FROM users;
      CREATE SQL SECURITY INVOKER VIEW amys AS SELECT id FROM users WHERE name REGEXP '[[:<:]]amy[[:>:]]';
      CREATE SQL SECURITY INVOKER VIEW own AS SELECT id, uuid_to_bin(name) AS named FROM users;
      CREATE SQL SECURITY INVOKER VIEW grouped AS SELECT id, name FROM users GROUP BY name;
      CREATE TRIGGER hashed BEFORE INSERT ON users FOR EACH ROW SET NEW.name = SHA1(NEW.name);`);
    const CONVERSION = JSON.stringify({ off: ['missing-definer'] });
    assert.equal((await bench.run('dump', database)).exitCode, 0);
    await bench.targetAdmin.query("CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT SELECT, INSERT, UPDATE, EXECUTE, TRIGGER ON *.* TO 'root'@'127.0.0.1'");
    const { exitCode, stderr } = await bench.importOnly(database, 1, { CONVERSION });
    assert.equal(exitCode, 0, stderr);
  });

  async function noted(): Promise<unknown> {
    const { Item } = await bench.slots.client.send(new GetCommand({ TableName: bench.slots.tableName, Key: { migration, item: databaseItem(database) } }));
    return Item?.['cannotRun'];
  }

  async function found(): Promise<string[]> {
    const { cannotRun = [] } = verifiedObjectsSchema.parse(await bench.json(verifiedObjectsKey(migration, database)));
    return cannotRun.map(({ object, cause }) => `${object}: ${/error \d+/.exec(cause)?.[0] ?? cause}`).sort();
  }

  it('are all found, and those that a use proves to run are not among them', async () => {
    assert.deepEqual(await found(), ['trigger hashed: error 1305', 'view amys: error 3685', 'view grouped: error 1055', 'view owned: error 1449']);
    assert.equal(await noted(), 4);
  });

  it('are those whose use the target refuses', async () => {
    const refused = (sql: string): Promise<number | undefined> => bench.targetAdmin.query(sql).then(() => undefined, (error: unknown) => errnoOf(error));
    assert.equal(await refused(`INSERT INTO ${database}.users VALUES (3, 'x')`), 1305);
    assert.equal(await refused(`SELECT * FROM ${database}.amys`), 3685);
    assert.equal(await refused(`SELECT * FROM ${database}.grouped`), 1055);
    assert.equal(await refused(`SELECT * FROM ${database}.owned`), 1449);
  });

  it('do not include a view whose function has a name of MySQL: it answers as on the source', async () => {
    const sql = `SELECT id, named FROM ${database}.own ORDER BY id`;
    assert.deepEqual(await query(bench.target.adminAccess, sql), await query(bench.source.adminAccess, sql));
  });

  it('are fewer once the account is there and the sql_mode is that of the source', async () => {
    await bench.targetAdmin.query(`CREATE USER 'appowner'@'10.1.%' IDENTIFIED BY 'secret'; GRANT SELECT ON ${database}.* TO 'appowner'@'10.1.%'; SET GLOBAL sql_mode = ''`);
    assert.equal((await bench.run('verify', database, 2)).exitCode, 0);
    assert.deepEqual(await found(), ['trigger hashed: error 1305', 'view amys: error 3685']);
    assert.equal(await noted(), 2);
    const report = await bench.report('verify', database, 2);
    assert.deepEqual([report.result?.verification?.cannotRun?.objects, report.result?.verification?.cannotRun?.first.length], [2, 2]);
  });
});
