/** Statements of a dump, led to a scratch database. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesAsText } from '../../../containers/common/mysql-session.ts';
import type { StatementKind } from '../../../containers/import/statement-kinds.ts';
import { leadsElsewhere, renamed } from '../../../containers/try/scratch-names.ts';

const cases: readonly (readonly [kind: StatementKind, from: string, sql: string, expected: string])[] = [
  [
    'view',
    'shop',
    'VIEW `v` AS select `shop`.`id` AS `id` from `shop`',
    'VIEW `v` AS select `shop`.`id` AS `id` from `shop`',
  ],
  [
    'view',
    'shop',
    'VIEW `v` AS select `shop`.`t`.`id` AS `shop` from ((`shop`.`t` join `crm`.`u`) left join `shop`.`shop` on(1))',
    'VIEW `v` AS select `x`.`t`.`id` AS `shop` from ((`x`.`t` join `crm`.`u`) left join `x`.`shop` on(1))',
  ],
  [
    'view',
    'shop',
    "VIEW `v` AS select `shop`.`f`(max(`shop`.`id`),'`shop`.`t`') AS `a` from `shop`",
    "VIEW `v` AS select `x`.`f`(max(`shop`.`id`),'`shop`.`t`') AS `a` from `shop`",
  ],
  [
    'trigger',
    'shop',
    'CREATE TRIGGER shop.tr BEFORE INSERT ON `shop`.t FOR EACH ROW INSERT INTO shop.log VALUES (1)',
    'CREATE TRIGGER x.tr BEFORE INSERT ON `x`.t FOR EACH ROW INSERT INTO shop.log VALUES (1)',
  ],
  [
    'trigger',
    'shop',
    'CREATE TRIGGER `shop` BEFORE INSERT ON shop.`t` FOR EACH ROW SET @a = 1',
    'CREATE TRIGGER `shop` BEFORE INSERT ON x.`t` FOR EACH ROW SET @a = 1',
  ],
  [
    'trigger',
    'shop',
    'CREATE TRIGGER SHOP.tr BEFORE INSERT ON `Shop`.t FOR EACH ROW SET @a = 1',
    'CREATE TRIGGER x.tr BEFORE INSERT ON `x`.t FOR EACH ROW SET @a = 1',
  ],
  [
    'database',
    'shöp',
    'ALTER DATABASE `shöp` CHARACTER SET latin1 COLLATE latin1_swedish_ci',
    'ALTER DATABASE `x` CHARACTER SET latin1 COLLATE latin1_swedish_ci',
  ],
  ['database', 'a`b', 'ALTER DATABASE `a``b` CHARACTER SET latin1', 'ALTER DATABASE `x` CHARACTER SET latin1'],
  ['routine', 'shop', 'CREATE PROCEDURE `p`() SELECT * FROM shop.t', 'CREATE PROCEDURE `p`() SELECT * FROM shop.t'],
];

describe('a statement that leads out of the scratch database', () => {
  const within = [
    'CREATE TABLE `t` (`x` int)',
    'CREATE DEFINER=`a`@`b.c` TRIGGER x.tr BEFORE INSERT ON x.t FOR EACH ROW SET @a = 1',
    'ALTER DATABASE `x` CHARACTER SET latin1',
    '/*!50001 DROP VIEW IF EXISTS `v`*/',
    '/*!50001 CREATE VIEW `v` AS SELECT \n 1 AS `a.b`*/',
  ];
  const elsewhere = [
    'CREATE TABLE `y`.`t` (`x` int)',
    'CREATE TRIGGER y.tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1',
    'DROP TABLE IF EXISTS y . t',
    'ALTER DATABASE `y` CHARACTER SET latin1',
    'DROP DATABASE y',
    '/*!50001 CREATE DEFINER=`x`@`x` VIEW `y`.`v` AS SELECT 1*/',
  ];
  for (const sql of within)
    it(`is not ${sql}`, () => {
      assert.equal(leadsElsewhere(sql, 'x'), false);
    });
  for (const sql of elsewhere)
    it(`is ${sql}`, () => {
      assert.equal(leadsElsewhere(sql, 'x'), true);
    });
});

describe('a statement in a scratch database', () => {
  for (const [kind, from, sql, expected] of cases) {
    it(`${kind}: ${sql}`, () => {
      assert.equal(renamed(bytesAsText(sql), kind, { from, to: 'x' }), bytesAsText(expected));
    });
  }
});
