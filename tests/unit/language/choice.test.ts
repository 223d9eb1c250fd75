import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateChoice } from '../../../local/stepfunctions/language/choice.ts';
import type { ChoiceCondition, ChoiceState } from '../../../local/stepfunctions/language/definition.ts';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { Json } from '../../../local/stepfunctions/language/json.ts';

function matches(condition: ChoiceCondition, input: Json, context: Json = {}): boolean {
  const state: ChoiceState = { Type: 'Choice', Choices: [{ ...condition, Next: 'Yes' }], Default: 'No' };
  return evaluateChoice(state, input, context) === 'Yes';
}

describe('evaluateChoice', () => {
  const at = (value: Json): Json => ({ v: value, other: 5 });
  const cases: readonly [condition: ChoiceCondition, input: Json, expected: boolean][] = [
    [{ Variable: '$.v', NumericEquals: 1 }, at(1), true],
    [{ Variable: '$.v', NumericEquals: 1 }, at('1'), false],
    [{ Variable: '$.v', NumericLessThanPath: '$.other' }, at(4.9), true],
    [{ Variable: '$.v', NumericGreaterThanEquals: 5 }, at(5), true],
    [{ Variable: '$.v', StringLessThan: 'b' }, at('a'), true],
    [{ Variable: '$.v', StringGreaterThan: 'b' }, at('B'), false],
    [{ Variable: '$.v', BooleanEquals: false }, at(false), true],
    [{ Variable: '$.v', BooleanEquals: false }, at(null), false],
    [{ Variable: '$.v', StringMatches: 'log-*.txt' }, at('log-1.txt'), true],
    [{ Variable: '$.v', StringMatches: 'log-*.txt' }, at('log-1.txt.gz'), false],
    [{ Variable: '$.v', StringMatches: '*a*a' }, at('a'), false],
    [{ Variable: '$.v', StringMatches: '*a*a' }, at('a-a'), true],
    [{ Variable: '$.v', StringMatches: 'a\\*b*' }, at('a*bc'), true],
    [{ Variable: '$.v', StringMatches: 'a\\*b*' }, at('axbc'), false],
    [{ Variable: '$.v', StringMatches: '*' }, at(''), true],
    [{ Variable: '$.v', IsPresent: true }, at(null), true],
    [{ Variable: '$.none', IsPresent: true }, at(1), false],
    [{ Variable: '$.none', IsPresent: false }, at(1), true],
    [{ Variable: '$.v', IsNull: false }, at(0), true],
    [{ Variable: '$.v', IsNumeric: true }, at('1'), false],
    [{ Variable: '$.v', IsTimestamp: true }, at('2026-02-28T23:59:59.5+01:00'), true],
    [{ Variable: '$.v', IsTimestamp: true }, at('2026-02-30T00:00:00Z'), false],
    [{ Variable: '$.v', IsTimestamp: true }, at('2026-02-28t00:00:00z'), false],
    [{ Variable: '$.v', TimestampEquals: '2026-01-01T12:00:00Z' }, at('2026-01-01T13:00:00.000+01:00'), true],
    [{ Variable: '$.v', TimestampLessThan: '2026-01-01T00:00:00.0000002Z' }, at('2026-01-01T00:00:00.0000001Z'), true],
    [{ Variable: '$.v', TimestampLessThan: '2026-01-01T00:00:00Z' }, at('yesterday'), false],
    [{ Not: { Variable: '$.v', IsPresent: true } }, at(1), false],
    [{ Or: [{ Variable: '$.v', NumericEquals: 2 }, { Variable: '$.v', NumericEquals: 1 }] }, at(1), true],
    [{ And: [{ Variable: '$.none', IsPresent: true }, { Variable: '$.none', NumericEquals: 1 }] }, at(1), false],
  ];
  for (const [condition, input, expected] of cases) {
    it(`${JSON.stringify(condition)} on ${JSON.stringify(input)} is ${expected ? 'true' : 'false'}`, () => {
      assert.equal(matches(condition, input), expected);
    });
  }

  it('compares with the context object', () => {
    assert.equal(matches({ Variable: '$$.Execution.RedriveCount', NumericGreaterThan: 0 }, {}, { Execution: { RedriveCount: 1 } }), true);
  });

  it('takes the first rule that holds', () => {
    const state: ChoiceState = {
      Type: 'Choice',
      Choices: [
        { Variable: '$', NumericLessThan: 10, Next: 'Small' },
        { Variable: '$', NumericLessThan: 100, Next: 'Medium' },
      ],
      Default: 'Large',
    };
    assert.deepEqual([5, 50, 500].map((input) => evaluateChoice(state, input, {})), ['Small', 'Medium', 'Large']);
  });

  it('fails without a match and a Default', () => {
    const state: ChoiceState = { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'A' }] };
    assert.throws(() => evaluateChoice(state, 1, {}), (error) => error instanceof StatesError && error.error === 'States.NoChoiceMatched');
  });

  it('fails where a compared path finds nothing, and names it', () => {
    for (const condition of [{ Variable: '$.none', NumericEquals: 1 }, { Variable: '$.v', NumericEqualsPath: '$.none' }]) {
      assert.throws(
        () => matches(condition, { v: 1 }),
        (error) => error instanceof StatesError && error.error === 'States.Runtime' && error.cause.includes('$.none'),
      );
    }
  });
});
