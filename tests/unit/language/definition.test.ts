import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FerryError } from '../../../core/errors.ts';
import { parseDefinition, type MapState, type TaskState } from '../../../local/stepfunctions/language/definition.ts';
import type { JsonObject } from '../../../local/stepfunctions/language/json.ts';

const done: JsonObject = { Type: 'Succeed' };

function machine(state: JsonObject, further: JsonObject = {}): string {
  return JSON.stringify({ StartAt: 'Only', States: { Only: state, ...further } });
}

/** The problems that the refusal lists, in order. */
function problemsOf(definition: string): string[] {
  try {
    parseDefinition(definition);
    return [];
  } catch (error) {
    assert.ok(error instanceof FerryError && error.name === 'UnsupportedDefinition', String(error));
    return error.message.split('\n- ').slice(1);
  }
}

const lambda = 'arn:aws:states:::lambda:invoke';
const reader = { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSONL' }, Parameters: { 'Bucket.$': '$.bucket', Key: 'k' } };

describe('parseDefinition accepts', () => {
  it('numbers as they are written in templates, and as mere numbers everywhere else', () => {
    const retry = '"Retry": [{ "ErrorEquals": ["States.ALL"], "BackoffRate": 2.0 }]';
    const { States: states } = parseDefinition(`{ "StartAt": "Result", "States": {
      "Result": { "Type": "Task", "Resource": "${lambda}", "TimeoutSeconds": 60.0, ${retry}, "Parameters": { "a": [0.0, 1] }, "End": true } } }`);
    const task = states['Result'] as TaskState;
    assert.deepEqual([task.TimeoutSeconds, task.Retry?.[0]?.BackoffRate], [60, 2]);
    assert.equal(JSON.stringify(task.Parameters), '{"a":[0.0,1]}');
  });

  it('a distributed Map with reader, selector, batcher, writer, tolerance, retry and catch', () => {
    const map = {
      Type: 'Map',
      Label: 'databases',
      ItemReader: reader,
      ItemSelector: { 'name.$': '$$.Map.Item.Value.name', 'migration.$': '$.migration' },
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { 'm.$': '$.migration' } },
      MaxConcurrencyPath: '$.concurrency',
      ToleratedFailurePercentage: 100,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, StartAt: 'Work', States: { Work: { Type: 'Pass', End: true } } },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'p' } },
      ResultPath: '$.results',
      Retry: [{ ErrorEquals: ['States.ItemReaderFailed'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done', ResultPath: '$.error' }],
      Next: 'Done',
    };
    const definition = parseDefinition(machine(map, { Done: done }));
    assert.deepEqual(definition.States['Only'], map);
  });

  it('a legacy Iterator, as an ItemProcessor', () => {
    const iterator = { StartAt: 'Work', States: { Work: { Type: 'Pass', Result: { Iterator: 1 }, End: true } } };
    const definition = parseDefinition(machine({ Type: 'Map', Iterator: iterator, End: true }));
    assert.deepEqual((definition.States['Only'] as MapState).ItemProcessor, iterator);
  });

  it('a Parallel, a Wait, a Fail with paths, a Choice with nested rules', () => {
    const definition = machine(
      {
        Type: 'Parallel',
        Branches: [{ StartAt: 'W', States: { W: { Type: 'Wait', SecondsPath: '$.seconds', End: true } } }],
        Next: 'Decide',
      },
      {
        Decide: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.a', IsPresent: true }, { Not: { Variable: '$.a', StringMatches: 'x*' } }], Next: 'Broken' }], Default: 'Done' },
        Broken: { Type: 'Fail', ErrorPath: '$.error', CausePath: "States.Format('{}', $.cause)" },
        Done: done,
      },
    );
    assert.equal(parseDefinition(definition).StartAt, 'Only');
  });
});

describe('parseDefinition refuses', () => {
  const cases: readonly [what: string, definition: string, problem: RegExp][] = [
    ['what is not JSON', '{', /not JSON/],
    ['what is no object', '[]', /must be an object/],
    ['JSONata', JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: done } }), /`QueryLanguage` "JSONata" is not implemented/],
    ['JSONata in one state', machine({ Type: 'Succeed', QueryLanguage: 'JSONata' }), /state `Only`: `QueryLanguage`/],
    ['variables', machine({ Type: 'Pass', Assign: { x: 1 }, End: true }), /state `Only`: `Assign` sets variables/],
    ['JSONata fields', machine({ Type: 'Task', Resource: lambda, Arguments: {}, End: true }), /`Arguments` belongs to JSONata/],
    ['an unknown field', machine({ Type: 'Pass', Reslut: 1, End: true }), /state `Only`: `Reslut` is not a field/],
    ['an unknown type', machine({ Type: 'Tsak' }), /`Type` must be one of Task, Pass/],
    ['a field of another type', machine({ Type: 'Succeed', Next: 'Only' }), /`Next` is not a field/],
    ['a dangling StartAt', JSON.stringify({ StartAt: 'B', States: { A: done } }), /`StartAt` names `B`/],
    ['a dangling Next', machine({ Type: 'Pass', Next: 'Nowhere' }), /state `Only`: `Next` names `Nowhere`/],
    ['a dangling Catch', machine({ Type: 'Task', Resource: lambda, End: true, Catch: [{ ErrorEquals: ['A'], Next: 'X' }] }), /`Catch\[0\]\.Next` names `X`/],
    ['an unreachable state', machine(done, { Island: done }), /state `Island`: cannot be reached/],
    ['two states of one name', machine({ Type: 'Parallel', Branches: [{ StartAt: 'Only', States: { Only: done } }], End: true }), /same name/],
    ['neither Next nor End', machine({ Type: 'Pass' }), /needs one of Next, End/],
    ['both Next and End', machine({ Type: 'Pass', Next: 'Done', End: true }, { Done: done }), /has Next and End/],
    ['a Task without Resource', machine({ Type: 'Task', End: true }), /`Resource` is missing/],
    ['a substitution left over', machine({ Type: 'Task', Resource: 'arn:aws:lambda:${Function}', End: true }), /`Resource` holds a substitution/],
    ['States.ALL beside others', machine({ Type: 'Task', Resource: lambda, End: true, Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] }), /`Retry\[0\]\.ErrorEquals` must hold States.ALL alone/],
    ['States.ALL before others', machine({ Type: 'Task', Resource: lambda, End: true, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }), /only in the last/],
    ['a shrinking back-off', machine({ Type: 'Task', Resource: lambda, End: true, Retry: [{ ErrorEquals: ['A'], BackoffRate: 0.5 }] }), /`Retry\[0\]\.BackoffRate` must be a number of at least 1/],
    ['a delay limit under the interval', machine({ Type: 'Task', Resource: lambda, End: true, Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 5, MaxDelaySeconds: 5 }] }), /MaxDelaySeconds` must be greater/],
    ['Retry on a Pass', machine({ Type: 'Pass', End: true, Retry: [] }), /`Retry` is not a field/],
    ['an invalid path', machine({ Type: 'Pass', InputPath: '$.a[', End: true }), /`InputPath` is no valid path: "\$\.a\["/],
    ['a filter in ResultPath', machine({ Type: 'Pass', ResultPath: '$.a[*]', End: true }), /`ResultPath` must be a reference path/],
    ['a result into the context object', machine({ Type: 'Pass', ResultPath: '$$.a', End: true }), /cannot write to the context object/],
    ['an invalid intrinsic, deep in a template', machine({ Type: 'Pass', Parameters: { a: [{ 'b.$': 'States.Nope()' }] }, End: true }), /`Parameters\.a\[0\]\.b\.\$` is no valid path or intrinsic function/],
    ['`.$` with something else than text', machine({ Type: 'Pass', Parameters: { 'b.$': 1 }, End: true }), /must be a string that holds a path/],
    ['`.$` beside the same field', machine({ Type: 'Pass', Parameters: { b: 1, 'b.$': '$' }, End: true }), /stands beside `b`/],
    ['an unknown comparison', machine({ Type: 'Choice', Choices: [{ Variable: '$', StringMatchesPath: '$.x', Next: 'Only' }] }), /StringMatchesPath` is not a field/],
    ['a comparison with another type', machine({ Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: '1', Next: 'Only' }] }), /NumericEquals` must be a number/],
    ['two comparisons in one rule', machine({ Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, IsString: true, Next: 'Only' }] }), /exactly one operator/],
    ['a nested rule with Next', machine({ Type: 'Choice', Choices: [{ Not: { Variable: '$', IsNull: true, Next: 'Only' }, Next: 'Only' }] }), /`Choices\[0\]\.Not\.Next` is not a field/],
    ['a Wait for two things', machine({ Type: 'Wait', Seconds: 1, TimestampPath: '$.t', End: true }), /has Seconds and TimestampPath/],
    ['a Wait for a malformed time', machine({ Type: 'Wait', Timestamp: 'noon', End: true }), /must be a timestamp/],
    ['a heartbeat slower than the time-out', machine({ Type: 'Task', Resource: lambda, TimeoutSeconds: 5, HeartbeatSeconds: 5, End: true }), /smaller than TimeoutSeconds/],
    ['a Fail with Error and ErrorPath', machine({ Type: 'Fail', Error: 'A', ErrorPath: '$.e' }), /has Error and ErrorPath/],
    ['a reader on an inline Map', machine({ Type: 'Map', ItemReader: reader, ItemProcessor: { StartAt: 'W', States: { W: done } }, End: true }), /`ItemReader` needs ProcessorConfig.Mode DISTRIBUTED/],
    ['a reader format that is not implemented', machine({ Type: 'Map', ItemReader: { ...reader, ReaderConfig: { InputType: 'PARQUET' } }, ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, StartAt: 'W', States: { W: done } }, End: true }), /"PARQUET" is not implemented/],
    ['a problem inside a Map', machine({ Type: 'Map', ItemProcessor: { StartAt: 'Inner', States: { Inner: { Type: 'Pass', Oops: 1, End: true } } }, End: true }), /state `Inner`: `Oops`/],
  ];
  for (const [what, definition, problem] of cases) {
    it(what, () => {
      const problems = problemsOf(definition);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0]!, problem);
    });
  }

  it('everything at once, each problem in a line of its own', () => {
    const problems = problemsOf(machine({ Type: 'Pass', InputPath: 'a', Foo: 1 }, { Island: { Type: 'Fail', Next: 'X' } }));
    assert.equal(problems.length, 6, problems.join('\n'));
  });
});
