import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { padEnd, printable, textWidth, truncate, wrap } from '../../../cli/terminal/text.ts';

describe('text in terminal columns', () => {
  it('counts wide characters as two columns, and combining marks and colours as none', () => {
    assert.equal(textWidth('crm'), 3);
    assert.equal(textWidth('数据库'), 6);
    assert.equal(textWidth('Z\u030cluty\u0301'), 5);
    assert.equal(textWidth('\u001b[31mred\u001b[39m'), 3);
  });

  it('pads to the same column whatever the script', () => {
    assert.equal(padEnd('数据', 6), '数据  ');
    assert.equal(padEnd('crm', 6), 'crm   ');
  });

  it('cuts a name that is too wide, never through a wide character', () => {
    assert.equal(truncate('数据库数据库', 6), '数据…');
    assert.equal(truncate('database', 8), 'database');
    assert.equal(truncate('database', 5), 'data…');
  });

  it('closes the colour of a line that it cuts', () => {
    assert.equal(truncate('\u001b[31mdatabase\u001b[39m', 5), '\u001b[31mdata…\u001b[0m');
  });

  it('never exceeds the width, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        assert.ok(textWidth(truncate(text, width)) <= width);
        assert.equal(textWidth(padEnd(text, width)), width);
      }),
    );
  });

  it('writes out what would steer the terminal', () => {
    assert.equal(printable('a\u001b[2Jb'), 'a\\x1b[2Jb');
    assert.equal(printable('a\nb\tc'), 'a\\x0ab\\x09c');
    assert.equal(printable('evil\u202ename'), 'evil\\u202ename');
    assert.equal(printable('Žluťoučký kůň'), 'Žluťoučký kůň');
  });

  it('wraps at spaces, and breaks a word that is longer than a line without losing any of it', () => {
    assert.deepEqual(wrap('the target has a database', 10), ['the target', 'has a', 'database']);
    const lines = wrap('shop.a_table_whose_name_is_very_long', 10);
    assert.equal(lines.join(''), 'shop.a_table_whose_name_is_very_long');
    assert.ok(lines.every((line) => textWidth(line) <= 10));
  });
});
