import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyInputPath,
  applyOutputPath,
  applyParameters,
  applyResultPath,
  applyResultSelector,
} from '../../../local/stepfunctions/language/data-flow.ts';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { Json } from '../../../local/stepfunctions/language/json.ts';
import { renderTemplate } from '../../../local/stepfunctions/language/template.ts';

const context: Json = { Execution: { Name: 'run-1' } };

describe('renderTemplate', () => {
  it('fills `.$` fields at every depth, within lists too, and leaves all else alone', () => {
    const template = {
      'name.$': '$.name',
      'run.$': '$$.Execution.Name',
      nested: { list: [{ 'upper.$': "States.Format('<{}>', $.name)" }, '$.name', 1, null] },
      literal: '$.name',
    };
    assert.deepEqual(renderTemplate(template, { name: 'a' }, context), {
      name: 'a',
      run: 'run-1',
      nested: { list: [{ upper: '<a>' }, '$.name', 1, null] },
      literal: '$.name',
    });
  });

  it('gives each input its own result', () => {
    const template = { 'x.$': '$' };
    assert.deepEqual([1, 2].map((input) => renderTemplate(template, input, {})), [{ x: 1 }, { x: 2 }]);
  });

  it('makes a field of any name, __proto__ included', () => {
    const rendered = renderTemplate(JSON.parse('{"__proto__": {"a.$": "$"}}') as Json, 1, {});
    assert.equal(JSON.stringify(rendered), '{"__proto__":{"a":1}}');
  });

  it('names the field whose path finds nothing', () => {
    assert.throws(
      () => renderTemplate({ 'value.$': '$.no' }, {}, {}),
      (error) => error instanceof StatesError && error.error === 'States.Runtime' && error.cause.includes("'value.$'"),
    );
  });
});

describe('data flow of a state', () => {
  const raw: Json = { order: { id: 7 }, keep: true };

  it('passes everything through where nothing is given', () => {
    assert.equal(applyInputPath({}, raw, context), raw);
    assert.equal(applyParameters({}, raw, context), raw);
    assert.equal(applyResultSelector({}, raw, context), raw);
    assert.equal(applyResultPath({}, raw, 'result'), 'result');
    assert.equal(applyOutputPath({}, raw, context), raw);
  });

  it('takes null as AWS does: no input, no output, result discarded', () => {
    assert.deepEqual(applyInputPath({ InputPath: null }, raw, context), {});
    assert.deepEqual(applyOutputPath({ OutputPath: null }, raw, context), {});
    assert.equal(applyResultPath({ ResultPath: null }, raw, 'result'), raw);
  });

  it('applies paths and templates, and writes the result into the raw input', () => {
    assert.deepEqual(applyInputPath({ InputPath: '$.order' }, raw, context), { id: 7 });
    assert.equal(applyInputPath({ InputPath: '$$.Execution.Name' }, raw, context), 'run-1');
    assert.deepEqual(applyParameters({ Parameters: { 'order.$': '$.id' } }, { id: 7 }, context), { order: 7 });
    assert.deepEqual(applyResultSelector({ ResultSelector: { 'code.$': '$.status' } }, { status: 0 }, context), { code: 0 });
    assert.deepEqual(applyResultPath({ ResultPath: '$.order.result' }, raw, 1), { order: { id: 7, result: 1 }, keep: true });
    assert.equal(applyOutputPath({ OutputPath: '$.keep' }, raw, context), true);
  });
});
