/** RFC 8785: its own examples, and properties. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { databaseDigest } from '../../../core/digests/database-digest.ts';

describe('canonical JSON', () => {
  test('is as in RFC 8785, section 3.2.2 and 3.2.3', () => {
    const sample = '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    assert.equal(
      canonicalJson(JSON.parse(sample)),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('orders members by UTF-16 code units, as in RFC 8785, section 3.2.3', () => {
    const members = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', 1: 'One', '\ud83d\ude00': 'Emoji', '\u0080': 'Control', ö: 'Latin' };
    const order = Object.values(JSON.parse(canonicalJson(members)) as object);
    assert.deepEqual(order.filter((each) => each !== 'One'), ['Carriage Return', 'Control', 'Latin', 'Euro Sign', 'Emoji', 'Hebrew Letter Dalet With Dagesh']);
    assert.ok(canonicalJson(members).startsWith('{"\\r":"Carriage Return","1":"One",'));
  });

  test('refuses what I-JSON does not have', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '\ud83d', { '\ude00': 1 }, undefined, [undefined], 1n]) assert.throws(() => canonicalJson(value), TypeError);
  });

  test('depends on the value and not on how it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = canonicalJson(value);
        assert.equal(canonicalJson(JSON.parse(JSON.stringify(value, null, 2))), text);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('the digest of a database', () => {
  const a = { name: 'a', rows: 2, sum: '7', xor: '3' };
  const b = { name: 'b', rows: 0, sum: '0', xor: '0' };

  test('is the hash that its description says, in any order of the tables', () => {
    const expected = createHash('sha256').update('[["a",2,"7","3"],["b",0,"0","0"]]').digest('hex');
    assert.equal(databaseDigest([a, b]), expected);
    assert.equal(databaseDigest([b, a]), expected);
  });

  test('differs with every part of every table', () => {
    const changed = [[a], [{ ...a, name: 'A' }, b], [{ ...a, rows: 1 }, b], [{ ...a, sum: '8' }, b], [{ ...a, xor: '4' }, b], [a, b, { ...b, name: 'c' }], []];
    assert.equal(new Set([databaseDigest([a, b]), ...changed.map(databaseDigest)]).size, changed.length + 1);
  });
});
