import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { Json, JsonObject } from '../../../local/stepfunctions/language/json.ts';
import { parsePath } from '../../../local/stepfunctions/language/path-syntax.ts';
import { findPath, pathExists, readPath, writeReferencePath } from '../../../local/stepfunctions/language/path.ts';
import { LanguageSyntaxError } from '../../../local/stepfunctions/language/scanner.ts';

const store: Json = {
  book: [
    { title: 'Sayings', price: 8.95, category: 'reference', tags: ['old'] },
    { title: 'Sword', price: 12.99, category: 'fiction', tags: [] },
    { title: 'Moby', price: 8.99, category: 'fiction', isbn: '0-553' },
  ],
  bicycle: { color: 'red', price: 19.95 },
  'two words': { "it's": true },
  [String.raw`say \""so"`]: 'said',
  'back\\slash': 'slashed',
  limit: 10,
};

describe('readPath', () => {
  const cases: readonly [path: string, expected: Json][] = [
    ['$.bicycle.color', 'red'],
    ["$['two words']['it\\'s']", true],
    ['$["two words"]', { "it's": true }],
    [String.raw`$['say \""so"']`, 'said'],
    [String.raw`$["say \\\"\"so\""]`, 'said'],
    [String.raw`$['back\\slash']`, 'slashed'],
    ['$.book[0].title', 'Sayings'],
    ['$.book[-1].title', 'Moby'],
    ['$.book[0,2].title', ['Sayings', 'Moby']],
    ['$.book[1:].title', ['Sword', 'Moby']],
    ['$.book[:2].title', ['Sayings', 'Sword']],
    ['$.book[-2:].title', ['Sword', 'Moby']],
    ['$.book[1:9].title', ['Sword', 'Moby']],
    ['$.book[*].price', [8.95, 12.99, 8.99]],
    ['$.bicycle.*', ['red', 19.95]],
    ['$..price', [8.95, 12.99, 8.99, 19.95]],
    ['$..book[0].title', ['Sayings']],
    ["$.bicycle['color','price']", { color: 'red', price: 19.95 }],
    ['$.book.length()', 3],
    ['$.book[?(@.isbn)].title', ['Moby']],
    ['$.book[?(!@.isbn)].title', ['Sayings', 'Sword']],
    ['$.book[?(@.price < $.limit)].title', ['Sayings', 'Moby']],
    ["$.book[?(@.category == 'fiction' && @.price > 10)].title", ['Sword']],
    ["$.book[?(@.title == 'Sword' || @.title == \"Moby\")].price", [12.99, 8.99]],
    ["$.book[?((@.price < 9 || @.isbn) && @.category != 'fiction')].title", ['Sayings']],
    ['$.book[?(@.title =~ /s.*/i)].title', ['Sayings', 'Sword']],
    ["$.book[?(@.category in ['reference', 'poetry'])].title", ['Sayings']],
    ["$.book[?(@.category nin ['reference'])].title", ['Sword', 'Moby']],
    ["$.book[?(@.tags contains 'old')].title", ['Sayings']],
    ['$.book[?(@.tags size 1)].title', ['Sayings']],
    ['$.book[?(@.tags empty true)].title', ['Sword']],
    ['$..[?(@.price > 15)].color', ['red']],
    ['$.missing[*].x', []],
    ['$.missing[1:3]', []],
    ['$.book[?(@.price > 100)]', []],
  ];
  for (const [path, expected] of cases) {
    it(path, () => {
      assert.deepEqual(readPath(path, store, {}), expected);
    });
  }

  it('reads the context object behind $$', () => {
    const context = { Execution: { Name: 'run-1' } };
    assert.equal(readPath('$$.Execution.Name', store, context), 'run-1');
    assert.deepEqual(readPath('$$', store, context), context);
    assert.deepEqual(readPath('$', store, context), store);
  });

  it('fails with States.Runtime where a definite path finds nothing, and names path and field', () => {
    assert.throws(
      () => readPath('$.bicycle.wheels', store, {}, 'wheels.$'),
      (error) => error instanceof StatesError && error.error === 'States.Runtime' && error.cause.includes("'$.bicycle.wheels' specified for the field 'wheels.$'"),
    );
  });

  it('tells a null from nothing', () => {
    assert.equal(findPath('$.a', { a: null }, {}), null);
    assert.equal(pathExists('$.a', { a: null }, {}), true);
    assert.equal(pathExists('$.a.b', { a: null }, {}), false);
    assert.equal(pathExists('$.a[3]', { a: [1] }, {}), false);
  });

  it('does not see what JavaScript objects inherit', () => {
    assert.equal(pathExists('$.constructor', {}, {}), false);
    assert.equal(pathExists('$.a.__proto__', { a: {} }, {}), false);
    assert.equal(pathExists('$.list.length', { list: [1] }, {}), false);
  });
});

describe('parsePath', () => {
  for (const path of ['', 'a', '$.', '$..', '$.a.', '$[', '$[]', '$[0', "$['a", '$.a b', '$[1:2:3]', '$[:]', '$[?(@.a]', '$.a[?()]', '$name', '$.a.max()', "$.a[?('x')]"]) {
    it(`refuses ${JSON.stringify(path)}`, () => {
      assert.throws(() => parsePath(path), LanguageSyntaxError);
    });
  }
});

describe('writeReferencePath', () => {
  const cases: readonly [name: string, document: Json, path: string, expected: Json][] = [
    ['replaces the whole document at $', { a: 1 }, '$', 'new'],
    ['adds a field', { a: 1 }, '$.b', { a: 1, b: 'new' }],
    ['replaces a field', { a: 1 }, '$.a', { a: 'new' }],
    ['makes the objects on the way', {}, '$.a.b.c', { a: { b: { c: 'new' } } }],
    ['replaces an element', { list: [1, 2] }, '$.list[1]', { list: [1, 'new'] }],
    ['reaches into an element', { list: [{ x: 1 }] }, '$.list[0].y', { list: [{ x: 1, y: 'new' }] }],
  ];
  for (const [name, document, path, expected] of cases) {
    it(name, () => {
      const before = structuredClone(document);
      assert.deepEqual(writeReferencePath(document, path, 'new'), expected);
      assert.deepEqual(document, before, 'the document itself stays as it was');
    });
  }

  for (const [document, path] of [['text', '$.a'], [[1], '$.a'], [{ a: 1 }, '$.a.b'], [{ a: null }, '$.a.b'], [{ a: [] }, '$.a[0]'], [{ a: {} }, '$.a[0]']] as const) {
    it(`fails to write ${path} into ${JSON.stringify(document)}`, () => {
      assert.throws(
        () => writeReferencePath(document as Json, path, 1),
        (error) => error instanceof StatesError && error.error === 'States.ResultPathMatchFailure',
      );
    });
  }

  const names = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 4 });
  const quotedPath = (keys: readonly string[]): string =>
    `$${keys.map((key) => `['${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`).join('')}`;

  it('is read back by readPath, whatever the names', () => {
    fc.assert(
      fc.property(names, fc.jsonValue(), (keys, value) => {
        const written = writeReferencePath({}, quotedPath(keys), value as Json);
        assert.deepEqual(readPath(quotedPath(keys), written, {}), value);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves every other field alone', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), (fields, key) => {
        const { [key]: removed, ...others } = writeReferencePath(fields as JsonObject, quotedPath([key]), 'new') as JsonObject;
        const { [key]: replaced, ...expected } = fields;
        assert.equal(removed, 'new');
        assert.notEqual(replaced, 'new');
        assert.deepEqual({ ...others }, { ...expected });
      }),
      { numRuns: 200 },
    );
  });
});
