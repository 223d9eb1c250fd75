/** Values and patterns that MySQL before 8.0 takes and later versions refuse, as they were tried on both. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isGeometry } from '../../../core/assessment/geometry-values.ts';
import { patternsIn, refusedByIcu } from '../../../core/assessment/regular-expressions.ts';
import { scan } from '../../../core/assessment/sql-scan.ts';

describe('regular expressions', () => {
  const refused = ['[[:<:]]amy', 'amy[[:>:]]', 'a{,2}b', 'a{b', 'a{', '{x', 'a}b', '[a[b]', '[[a]', '\\x', '\\p'];
  const taken = [
    'a\\{b',
    '[{]',
    'a{1,300}',
    'a{2,}',
    '[a-]',
    '[]a]',
    '[^]a]',
    '[[:alpha:]_]',
    '[[.-.]]',
    '[[=a=]]',
    '^\\y$',
    '\\\\x',
    '(a|b)*',
  ];

  for (const pattern of refused)
    it(`refuses ${pattern}`, () => {
      assert.notEqual(refusedByIcu(pattern), undefined);
    });
  for (const pattern of taken)
    it(`takes ${pattern}`, () => {
      assert.equal(refusedByIcu(pattern), undefined);
    });

  it('are the literals behind REGEXP and RLIKE', () => {
    assert.deepEqual(patternsIn(scan("(`regexp` = 'x' and `a` regexp 'it''s' or `a` not rlike _utf8mb4'a\\\\.b')")), [
      "it's",
      'a\\.b',
    ]);
  });
});

describe('geometries', () => {
  const header = (type: number, count?: number): Buffer =>
    Buffer.concat([Buffer.from([1, type, 0, 0, 0]), count === undefined ? Buffer.alloc(0) : u32(count)]);
  const ring = (points: number): Buffer => Buffer.concat([u32(points), Buffer.alloc(16 * points)]);
  const value = (...parts: Buffer[]): Buffer => Buffer.concat([Buffer.alloc(4), ...parts]);
  const line = (points: number): Buffer => Buffer.concat([header(2), ring(points)]);
  const polygon = (...rings: number[]): Buffer => Buffer.concat([header(3, rings.length), ...rings.map(ring)]);
  const point = Buffer.concat([header(1), Buffer.alloc(16)]);

  const taken = {
    point: value(point),
    line: value(line(2)),
    polygon: value(polygon(4, 5)),
    points: value(header(4, 2), point, point),
    'an empty collection': value(header(7, 0)),
    'a collection of collections': value(header(7, 1), header(7, 0)),
  };
  const refused = {
    nothing: Buffer.alloc(0),
    'an SRID alone': Buffer.alloc(4),
    'a line of one point': value(line(1)),
    'a polygon without rings': value(polygon()),
    'a ring of three': value(polygon(3)),
    'an inner ring of three': value(polygon(4, 3)),
    'no points': value(header(4, 0)),
    'more behind it': value(point, Buffer.alloc(1)),
    'less than a point': value(point.subarray(0, 20)),
    'a part that is refused': value(header(7, 1), polygon(3)),
    'a count without parts': value(header(6, 4_000_000_000)),
  };

  for (const [name, bytes] of Object.entries(taken))
    it(`takes ${name}`, () => {
      assert.equal(isGeometry(bytes), true);
    });
  for (const [name, bytes] of Object.entries(refused))
    it(`refuses ${name}`, () => {
      assert.equal(isGeometry(bytes), false);
    });
});

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
