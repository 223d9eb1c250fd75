import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { padEnd, printable, steady, steadyJson, textWidth, truncate, wrap } from '../../../cli/terminal/text.ts';

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

describe('what is written to a terminal, a log or a pipe', () => {
  /** Cursor moves, titles, links, conceal, C1's CSI, and what reorders a line. */
  const steering = ['\u001b[2J', '\u001b]0;title\u0007', '\u001b[8m', '\u009b31m', '\u202ednammoc', '\u2066x\u2069', '\u061c', 'a\rb', '\u0008', '\u007f', 'x\u2028y'];
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

  it('holds nothing that steers what shows it, and the same characters to read', () => {
    for (const text of steering) {
      assert.doesNotMatch(steady(`name ${text}\nmore`, false), raw);
      assert.equal(steady(`name ${text}\nmore`, false).split('\n').length, 2);
    }
    assert.equal(steady('a\u001b[2Jb', false), 'a\\x1b[2Jb');
    assert.equal(steady('a\u202eb', true), 'a\\u202eb');
  });

  it("keeps this program's own colours on a terminal, and nowhere else", () => {
    assert.equal(steady('\u001b[31mred\u001b[39m \u001b[8mhidden', true), '\u001b[31mred\u001b[39m \\x1b[8mhidden');
    assert.equal(steady('\u001b[31mred', false), '\\x1b[31mred');
  });

  it('is the same document in JSON', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(...steering), (json, text) => {
        const document = [JSON.parse(json) as unknown, text];
        const written = steadyJson(JSON.stringify(document, null, 2));
        assert.doesNotMatch(written, raw);
        assert.deepEqual(JSON.parse(written), document);
      }),
    );
  });
});
