import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import { evaluateIntrinsic } from '../../../local/stepfunctions/language/intrinsics.ts';
import { parseIntrinsic } from '../../../local/stepfunctions/language/intrinsic-syntax.ts';
import type { Json } from '../../../local/stepfunctions/language/json.ts';
import { LanguageSyntaxError } from '../../../local/stepfunctions/language/scanner.ts';

const evaluate = (expression: string, input: Json = {}): Json => evaluateIntrinsic(expression, input, { Execution: { Name: 'run' } });

describe('evaluateIntrinsic', () => {
  const cases: readonly [expression: string, input: Json, expected: Json][] = [
    ['States.Array()', {}, []],
    ["States.Array(1, -2.5, 'x', true, null, $.a, $$.Execution.Name)", { a: {} }, [1, -2.5, 'x', true, null, {}, 'run']],
    ['States.ArrayPartition($, 4)', [1, 2, 3, 4, 5, 6], [[1, 2, 3, 4], [5, 6]]],
    ['States.ArrayContains($.list, $.item)', { list: [1, { a: [1] }], item: { a: [1] } }, true],
    ["States.ArrayContains($, '1')", [1], false],
    ['States.ArrayRange(1, 9, 2)', {}, [1, 3, 5, 7, 9]],
    ['States.ArrayRange(5, 1, -2)', {}, [5, 3, 1]],
    ['States.ArrayRange(0.6, 3.4, 1)', {}, [1, 2, 3]],
    ['States.ArrayGetItem($, 1)', ['a', 'b'], 'b'],
    ['States.ArrayLength($[?(@.x == 1)])', [{ x: 1 }, { x: 2 }], 1],
    ['States.ArrayUnique($)', [1, 1, '1', null, null, [1], [1], { a: 1, b: 2 }, { b: 2, a: 1 }], [1, '1', null, [1], { a: 1, b: 2 }]],
    ["States.Base64Encode('Grüße')", {}, 'R3LDvMOfZQ=='],
    ["States.Base64Decode('R3LDvMOfZQ==')", {}, 'Grüße'],
    ["States.Hash('input data', 'SHA-1')", {}, 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['States.JsonMerge($.x, $.y, false)', { x: { a: { b: 1 }, c: 2 }, y: { a: { d: 3 } } }, { a: { d: 3 }, c: 2 }],
    ['States.StringToJson($)', '{"a":[1]}', { a: [1] }],
    ['States.JsonToString($)', { a: [1, null] }, '{"a":[1,null]}'],
    ['States.MathAdd(111, -1)', {}, 110],
    ['States.MathAdd(1.5, 1.4)', {}, 3],
    ["States.StringSplit('1,2.3,,4', ',.')", {}, ['1', '2', '3', '4']],
    ["States.StringSplit('one', '')", {}, ['one']],
    ["States.Format('{} of {}: {}', 1, $.all, $.what)", { all: 2.5, what: { a: [null, 'x'] } }, '1 of 2.5: {a=[null, x]}'],
    ["States.Format('\\{{}\\} isn\\'t \\\\', 1)", {}, "{1} isn't \\"],
    ['States.Format($.template, 1)', { template: 'No. {}' }, 'No. 1'],
    ["States.Array('a, (b)', $['x, y'])", { 'x, y': 1 }, ['a, (b)', 1]],
    ["States.ArrayGetItem(States.StringSplit('a/b/c', '/'), States.MathAdd(1, 1))", {}, 'c'],
  ];
  for (const [expression, input, expected] of cases) {
    it(expression, () => {
      assert.deepEqual(evaluate(expression, input), expected);
    });
  }

  it('draws from the range with the start and without the end', () => {
    const drawn = new Set(Array.from({ length: 200 }, () => evaluate('States.MathRandom(1, 4)')));
    assert.deepEqual([...drawn].sort(), [1, 2, 3]);
    assert.equal(evaluate('States.MathRandom(1, 1000000, 7)'), evaluate('States.MathRandom(1, 1000000, 7)'));
  });

  it('refuses to print a boolean, also within a list or an object: what AWS prints was never recorded', () => {
    const refused = (error: unknown): boolean =>
      error instanceof StatesError && error.error === 'States.Runtime' && error.cause.includes('use States.JsonToString');
    for (const argument of ['true', '$.flag', '$.list', '$']) {
      assert.throws(() => evaluate(`States.Format('{}', ${argument})`, { flag: false, list: [true] }), refused);
    }
    assert.equal(evaluate("States.Format('{}', States.JsonToString($.flag))", { flag: false }), 'false');
  });

  it('makes a new UUID each time', () => {
    assert.match(JSON.stringify(evaluate('States.UUID()')), /^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$/);
    assert.notEqual(evaluate('States.UUID()'), evaluate('States.UUID()'));
  });

  const failures: readonly [expression: string, input: Json][] = [
    ['States.ArrayGetItem($, 2)', [1, 2]],
    ['States.ArrayGetItem($, -1)', [1, 2]],
    ['States.ArrayPartition($, 0)', [1]],
    ['States.ArrayRange(1, 2, 0)', {}],
    ['States.ArrayRange(0, 1000, 1)', {}],
    ['States.ArrayLength($)', 'text'],
    ['States.StringToJson($)', '{'],
    ["States.Base64Decode('not base64!')", {}],
    ['States.Base64Encode($)', 'x'.repeat(10_001)],
    ["States.Hash('x', 'CRC32')", {}],
    ['States.JsonMerge($, $, true)', {}],
    ['States.MathAdd($, 1)', '1'],
    ['States.MathAdd(2147483647, 2)', {}],
    ["States.Format('{} {}', 1)", {}],
  ];
  for (const [expression, input] of failures) {
    it(`fails: ${expression}`, () => {
      assert.throws(
        () => evaluate(expression, input),
        (error) => error instanceof StatesError && error.error === 'States.IntrinsicFailure' && error.cause.includes(expression),
      );
    });
  }

  it('fails with States.Runtime where a path finds nothing', () => {
    assert.throws(() => evaluate('States.Array($.no)'), (error) => error instanceof StatesError && error.error === 'States.Runtime');
  });
});

describe('parseIntrinsic', () => {
  const deep = (levels: number): string => (levels === 0 ? '1' : `States.Array(${deep(levels - 1)})`);
  for (const expression of [
    'States.Nope()',
    'States.constructor()',
    'States.UUID(1)',
    "States.Hash('x')",
    'States.Array(1',
    'States.Array(1,)',
    'States.Array(1) x',
    "States.Array('open)",
    'States.Array("double")',
    "States.StringToJson('{\\\"a\\\":1}')",
    'States.Array(bare)',
    'States.Array($.a[)',
    deep(11),
  ]) {
    it(`refuses ${expression}`, () => {
      assert.throws(() => parseIntrinsic(expression), LanguageSyntaxError);
    });
  }

  it('takes ten functions within each other', () => {
    assert.equal(parseIntrinsic(deep(10)).name, 'States.Array');
  });
});

describe('properties of the functions', () => {
  it('Base64Decode takes back what Base64Encode did', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => evaluate('States.Base64Decode(States.Base64Encode($))', text) === text));
  });

  it('StringToJson takes back what JsonToString did', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        assert.deepEqual(evaluate('States.StringToJson(States.JsonToString($))', json), json);
      }),
    );
  });

  it('ArrayPartition loses, adds and reorders nothing, and fills every part but the last', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (list, size) => {
        const parts = evaluate('States.ArrayPartition($.list, $.size)', { list, size }) as number[][];
        assert.deepEqual(parts.flat(), list);
        assert.ok(parts.slice(0, -1).every((part) => part.length === size));
        assert.ok(parts.every((part) => part.length > 0 && part.length <= size));
      }),
    );
  });

  it('a literal string arrives as it was written, once escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replaceAll(/[\\'{}]/g, String.raw`\$&`);
        assert.deepEqual(evaluate(`States.Array('${escaped}')`), [text]);
        assert.equal(evaluate(`States.Format('${escaped}')`), text);
      }),
    );
  });
});
