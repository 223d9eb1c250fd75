import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { otherObjectsIn, withShortColumns } from '../../../core/objects/other-databases.ts';

const named = (text: string): string[] => otherObjectsIn(text, 'a').map(({ database, object }) => `${database}.${object}`);

describe('what a view names of other databases', () => {
  it('is its tables, its columns and its functions, once each', () => {
    assert.deepEqual(named('select `b`.`t`.`id` AS `id`,`c`.`f`(`b`.`t`.`x`) AS `y` from `b`.`t`'), ['b.t', 'c.f']);
    assert.deepEqual(named('select 1 AS `x` from ((`a`.`u` `o` left join `b``s`.`t.u` on(1)) straight_join `c`.`z` `zz`)'), ['b`s.t.u', 'c.z']);
    assert.deepEqual(named('select (select max(`x`.`i`) from `b`.`t` `x`) AS `m` from `a`.`k` where exists(select 1 from `c`.`t`)'), ['b.t', 'c.t']);
  });

  it('is not what only looks like it', () => {
    assert.deepEqual(named('select `x`.`id` AS `id`,extract(year from `x`.`d`) AS `y` from `a`.`t` `x`'), []);
    assert.deepEqual(named('select `t`.`id` AS `id` from `t`'), [], 'the own database is not printed while it is in use');
    assert.deepEqual(named('with `c` as (select `a`.`t`.`x` AS `x` from `a`.`t`) select `c`.`x` AS `x` from `c`'), []);
    assert.deepEqual(named("select 'from `b`.`t`' AS `s` /* from `b`.`t` */ from `mysql`.`user` join `information_schema`.`TABLES`"), []);
    assert.deepEqual(named('select `w`.`id` AS `id` from `b`.`w`'), ['b.w'], 'MySQL 5.6 names the columns of a view by the view alone');
  });

  it('knows a database from an alias of the same name', () => {
    assert.deepEqual(named('select `b`.`id` AS `id` from (`b`.`t` `b` join `a`.`u` on((`b`.`id` = `a`.`u`.`id`)))'), ['b.t']);
  });
});

describe('columns of other databases', () => {
  it('are written alike, with and without the database', () => {
    const short = 'select `w`.`id` AS `id` from (`b`.`w` join `t` on((`w`.`id` = `t`.`id`)))';
    assert.equal(withShortColumns('select `b`.`w`.`id` AS `id` from (`b`.`w` join `t` on((`b`.`w`.`id` = `t`.`id`)))'), short);
    assert.equal(withShortColumns(short), short);
  });

  it('keep it where two objects have one name, and in strings', () => {
    const two = 'select `b`.`t`.`id` AS `i`,`c`.`t`.`id` AS `j` from (`b`.`t` join `c`.`t`)';
    const own = 'select `b`.`t`.`id` AS `i`,`t`.`id` AS `j` from (`b`.`t` join `t`)';
    const text = "select '`b`.`t`.`id`' AS `i` from `b`.`t`";
    for (const each of [two, own, text]) assert.equal(withShortColumns(each), each);
  });
});
