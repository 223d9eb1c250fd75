/** What is asked of a target, and what is made of its answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askTarget } from '../../../core/stored-objects/ask-target.ts';
import type { Refusal } from '../../../core/stored-objects/attempt.ts';
import { objectsIn, summaryOf } from '../../../core/stored-objects/cannot-run.ts';
import type { StoredObject } from '../../../core/stored-objects/stored-object.ts';
import { whatCannotRun } from '../../../core/stored-objects/what-cannot-run.ts';
import { storedObject } from '../assessment/facts.ts';

/** A target that refuses statements which contain a text. */
function target(refusals: Readonly<Record<string, number>>, accounts: readonly { user: string; host: string }[] = [{ user: 'app', host: '%' }]) {
  const sent: string[][] = [];
  const attempt = (statements: readonly string[]): Promise<Map<number, Refusal>> => {
    sent.push([...statements]);
    const refused = statements.flatMap((statement, place) => {
      const found = Object.entries(refusals).find(([part]) => statement.includes(part));
      return found === undefined ? [] : [[place, { errno: found[1], message: `No ${found[0]}.` }] as const];
    });
    return Promise.resolve(new Map(refused));
  };
  const query = <Row>(): Promise<Row[]> => Promise.resolve(accounts as Row[]);
  const ask = async (objects: readonly StoredObject[], known?: Map<string, Refusal | undefined>) => askTarget({ database: 'shop', objects, query, attempt, isThere: true, ...(known === undefined ? {} : { known }) });
  return { ask, sent, causes: async (...objects: StoredObject[]) => whatCannotRun(await ask(objects)).map(({ object, cause }) => `${object}: ${cause}`) };
}

describe('a target', () => {
  it('is asked nothing where nothing could be wrong', async () => {
    const { ask, sent } = target({});
    await ask([storedObject('trigger', 't', 'SET NEW.a = CONCAT(NOW(), IF(NEW.b IN (1, 2), LOWER(NEW.c), 1))')]);
    assert.deepEqual(sent, []);
  });

  it('is asked everything at once, and not again what it has answered for another database', async () => {
    const { ask, sent } = target({});
    const known = new Map<string, Refusal | undefined>();
    const objects = [storedObject('view', 'v', "select regexp_like(`a`,'x')"), storedObject('procedure', 'p', 'SELECT md5(1), md5(2) FROM mysql.user')];
    await ask(objects, known);
    await ask(objects, known);
    const ofDatabase = ['SET SESSION sql_mode = @@GLOBAL.sql_mode', 'USE `shop`', 'PREPARE _aurora_ferry FROM \'SELECT 1 FROM `shop`.`v` LIMIT 0\''];
    const ofServer = ['USE information_schema', "PREPARE _aurora_ferry FROM 'DO regexp_like()'", "PREPARE _aurora_ferry FROM 'DO md5()'", "PREPARE _aurora_ferry FROM 'SELECT 1 FROM `mysql`.`user` LIMIT 0'", "DO _utf8mb4 x'78' REGEXP _utf8mb4 x'78'"];
    assert.deepEqual(sent, [[...ofServer, ...ofDatabase], ofDatabase]);
  });

  it('is told from what an object of the database is called: an account, a function, a name in other letters', async () => {
    const { causes } = target({ 'DO sha1()': 1305, 'DO own()': 1305, 'DO known()': 1582 }, [{ user: 'app', host: '%' }, { user: 'App', host: '10.1.%' }]);
    assert.deepEqual(
      await causes(
        storedObject('function', 'OWN', 'RETURN 1'),
        storedObject('procedure', 'p', 'SELECT sha1(1), own(2), known(3)'),
        storedObject('view', 'v', 'select 1', { definer: 'app@10.1.%' }),
        storedObject('view', 'w', 'select 1', { definer: 'app@10.1.%', runsAsInvoker: true }),
      ),
      ['procedure p: It calls SHA1(), which the target does not have (error 1305).', 'view v: Its definer app@10.1.% is not on the target (error 1449).'],
    );
  });

  it("says when MySQL's own function answers for one of the database", async () => {
    const { causes } = target({ 'DO is_uuid()': 1582 });
    const [cause = ''] = await causes(storedObject('function', 'is_uuid', 'RETURN 1'), storedObject('trigger', 't', 'SET NEW.a = is_uuid(NEW.b)'));
    assert.match(cause, /^trigger t: It calls is_uuid\(\).* answers instead/);
  });

  it('blames an object neither for a lock, nor for what only this account may not, nor for a pattern that may yet be whole', async () => {
    const { causes } = target({ '`locked`': 1205, '`denied`': 1142, "x'617b31'": 3692 });
    const objects = [storedObject('view', 'locked', 'select 1'), storedObject('view', 'denied', 'select 1', { runsAsInvoker: true }), storedObject('procedure', 'p', "SELECT a REGEXP CONCAT('a{', n)")];
    assert.deepEqual(await causes(...objects), []);
  });

  it('is asked about names with a backslash or a quote in a way that no sql_mode reads otherwise', async () => {
    const { ask, sent } = target({});
    await ask([storedObject('view', "it's \\ `x`", 'select 1')]);
    const [text, prepare] = sent[0]?.slice(2) ?? [];
    assert.match(text ?? '', /^SET @_aurora_ferry = _utf8mb4 x'[0-9a-f]+'$/);
    assert.equal(prepare, 'PREPARE _aurora_ferry FROM @_aurora_ferry');
  });
});

describe('a summary of what cannot run', () => {
  it('counts objects and names the first causes, each of them short', () => {
    const found = Array.from({ length: 25 }, (_, number) => ({ object: `view v${number % 20}`, cause: 'c'.repeat(1_000), remedy: 'r' }));
    const summary = summaryOf(found);
    assert.deepEqual([summary?.objects, summary?.first.length, objectsIn(found)], [20, 10, 20]);
    assert.ok(JSON.stringify(summary).length < 5_000);
    assert.equal(summaryOf([]), undefined);
  });
});
