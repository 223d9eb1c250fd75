/** What is told by patterns is what would be read token by token. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Head } from '../../../containers/import/allowed/names.ts';
import { plainTable } from '../../../containers/import/allowed/plain-table.ts';
import { strictTokens } from '../../../containers/import/allowed/strict-tokens.ts';
import { table } from '../../../containers/import/allowed/tables.ts';
import type { Allowed } from '../../../containers/import/allowed/allowed.ts';
import type { Reading } from '../../../containers/import/allowed/strict-tokens.ts';

const utf8mb4: Reading = { characterSet: 'utf8mb4', ansiQuotes: false, backslashEscapes: true };

function byTokens(sql: string, reading: Reading): Allowed {
  const head = new Head(strictTokens(sql, reading), 'shop', reading);
  assert.ok(head.takeWords('CREATE', 'TABLE'));
  return table(head);
}

const pieces = [
  '`a`', '`b c`', '``', '`', "'x'", "'it''s'", "'", "''", '"', '"x"', '\\', "'\\'", '(', ')', ',', '.', '=', ';', ' ', '\n', '\t',
  '-- ', '--', '-', '#', '/*', '*/', '/*!50100 ', '/*!99999 ', '@', '\0', '\xa0', '\xe9', '0x61', '12.5',
  'int', 'NOT NULL', 'ENGINE=InnoDB', 'DEFAULT ', 'SELECT', 'select', 'TABLE', ' AS ', 'LIKE', 'VALUES', 'IGNORE', 'REPLACE', 'DATA DIRECTORY', 'PARTITION',
  '`_aurora_ferry_import`', '`other`.`t`',
];

test('accepts nothing that the tokens refuse, and finds the same name', () => {
  const begin = fc.constantFrom('CREATE TABLE `a` (', 'CREATE TABLE `a b` (\n  ', 'CREATE TABLE `_Aurora_Ferry_Import` (', 'CREATE TABLE `shop`.`a` (', 'CREATE TABLE a (');
  const readings = fc.record({
    characterSet: fc.constantFrom('utf8mb4', 'latin1', 'sjis', 'gbk'),
    ansiQuotes: fc.boolean(),
    backslashEscapes: fc.boolean(),
  });
  let accepted = 0;
  fc.assert(
    fc.property(begin, fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), fc.constantFrom('', ')', ') ENGINE=InnoDB'), readings, (first, middle, last, reading) => {
      const sql = `${first}${middle.join('')}${last}`;
      const quick = plainTable(sql, reading);
      if (quick === undefined) return;
      accepted += 1;
      assert.deepEqual(quick, byTokens(sql, reading));
    }),
    { numRuns: 20_000 },
  );
  assert.ok(accepted > 100, String(accepted));
});

test('knows a table as mysqldump writes it', () => {
  const sql = "CREATE TABLE `t0` (\n  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,\n  `state` enum('new','open') DEFAULT 'new' COMMENT 'it''s; -- a SELECT',\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB AUTO_INCREMENT=51 DEFAULT CHARSET=utf8";
  assert.deepEqual(plainTable(sql, utf8mb4), { kind: 'table', object: 't0', others: [], isSkipped: false });
});
