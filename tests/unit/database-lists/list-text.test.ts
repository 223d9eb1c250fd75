/** Lists of databases as people and programs write them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeList, listLine, parseList } from '../../../core/database-lists/list-text.ts';

function namesIn(text: string): string[] {
  const { names, flaws } = parseList(text);
  assert.deepEqual(flaws, []);
  return names.map(({ name }) => name);
}

describe('a list of databases', () => {
  it('has a name on each line, whatever ends a line', () => {
    assert.deepEqual(namesIn('a\nb\r\nc\rd\n\n'), ['a', 'b', 'c', 'd']);
  });

  it('may have comments: # and a blank, or # alone', () => {
    const { names, comments, flaws } = parseList('# wave 1\ncrm\n#\n## more\n#\tshop\nbilling');
    assert.deepEqual([names.map(({ name, line }) => [name, line]), comments, flaws], [[['crm', 2], ['billing', 6]], [1, 3, 4, 5], []]);
  });

  it('takes a name that begins with # for one, and any name in backticks', () => {
    assert.deepEqual(namesIn('#1 "Best" Pizza\n`# wave 1`\n`back``tick`\n` blank`\nback`tick\nO\'Brien & Sons'), ['#1 "Best" Pizza', '# wave 1', 'back`tick', ' blank', 'back`tick', "O'Brien & Sons"]);
  });

  it('asks about what may be meant in two ways, and says how to write each', () => {
    const flawed: readonly [string, RegExp][] = [
      [' crm', /^" crm" begins with a blank: write "crm", or ` crm` if/],
      ['   ', /^" {3}" begins with a blank: leave the line empty, or/],
      ['crm\t', /^"crm\\t" ends with a blank: leave it out, or write `crm\t` if/],
      ['"crm"', /is in quotation marks: write crm, or `"crm"` if/],
      ["'crm'", /is in quotation marks: write crm, or `'crm'` if/],
      ['`crm', /begins with a backtick and is no name in backticks: write ```crm` for/],
    ];
    for (const [line, message] of flawed) {
      const { names, flaws } = parseList(`first\n${line}`);
      assert.deepEqual([names.length, flaws[0]?.line], [1, 2], line);
      assert.match(flaws[0]?.message ?? '', message);
    }
  });

  it('is read back as it was written, for any names', () => {
    const character = fc.oneof(fc.constantFrom('#', ' ', '`', '"', "'", '\t', 'a'), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }).filter((each) => !/[\r\n]/.test(each)));
    const name = fc.array(character, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (names) => {
        const { names: read, flaws, comments } = parseList(names.map((each) => `${listLine(each)}\n`).join(''));
        assert.deepEqual([read.map((each) => each.name), flaws, comments], [names, [], []]);
      }),
    );
  });
});

describe('the bytes of a list', () => {
  const text = 'crm\r\n数据库\r\n';
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');

  it('are UTF-8, with a byte order mark or without, or UTF-16 with one, of either order', () => {
    const encodings = [Buffer.from(text), Buffer.from(`\ufeff${text}`), utf16, Buffer.from(utf16).swap16()];
    for (const bytes of encodings) assert.equal(decodeList(bytes, 'It'), text);
  });

  it('are refused where they are neither', () => {
    assert.throws(() => decodeList(Buffer.from([0x67, 0xe9, 0x6e]), 'The file x'), { name: 'InvalidInput', message: 'The file x is not UTF-8: save it as UTF-8.' });
    assert.throws(() => decodeList(utf16.subarray(2), 'The file x'), { name: 'InvalidInput', message: /holds NUL bytes, as UTF-16 without a byte order mark does/ });
    assert.throws(() => decodeList(Buffer.from([0xff, 0xfe, 0x00, 0xd8]), 'The file x'), { name: 'InvalidInput', message: /is not UTF-16, as its byte order mark says/ });
  });
});
