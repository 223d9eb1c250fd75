import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, numberOf, parseJson, sameJson, writtenNumber } from '../../../local/stepfunctions/language/json.ts';

describe('parseJson', () => {
  const kept = ['0.0', '-0.0', '1.0', '1.50', '1e3', '1E+3', '2.5e-7', '12345678901234567890', '0.12345678901234567890', '100.00'];
  for (const number of kept) {
    it(`keeps ${number} as it is written, wherever it stands`, () => {
      const texts = [number, `[${number}]`, `{"a":${number},"b":[1,${number}]}`];
      for (const text of texts) assert.equal(JSON.stringify(parseJson(text)), text);
      assert.equal(numberOf(parseJson(` ${number} `)), Number(number));
      assert.equal(isJsonObject(parseJson(number)), false);
    });
  }

  it('makes plain numbers of all that JavaScript writes the same', () => {
    for (const number of ['0', '-1', '1.5', '100', '9007199254740991', '0.001']) assert.equal(typeof parseJson(number), 'number');
    assert.equal(Object.is(parseJson('-0'), 0), true, 'an integer has no sign of zero');
    assert.deepEqual(parseJson('{"text":"0.0, 1e3","none":null}'), { text: '0.0, 1e3', none: null });
  });

  it('is JSON.parse for whatever JSON.stringify wrote', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assert.equal(JSON.stringify(parseJson(text)), text);
    }));
  });

  it('refuses what is no JSON', () => {
    for (const text of ['', '01.0', '{"a":0.0', '.5']) assert.throws(() => parseJson(text), SyntaxError);
  });
});

describe('sameJson', () => {
  it('compares numbers by their value, and with numbers only', () => {
    const zero = writtenNumber(0, '0.0');
    assert.ok(sameJson(zero, 0) && sameJson(0, zero) && sameJson({ a: [zero] }, { a: [writtenNumber(0, '0e1')] }));
    for (const other of [1, '0.0', null, {}, []]) assert.ok(!sameJson(zero, other) && !sameJson(other, zero));
  });
});
