import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { errorKinds, isErrorName } from '../../../core/errors.ts';
import { databaseItem } from '../../../core/names.ts';
import { databaseStates } from '../../../core/records.ts';
import { definitionFile, definitionText } from '../../../statemachines/source/main.ts';
import { parseDefinition } from '../../../local/stepfunctions/language/definition.ts';
import { readDefinition } from './support/workflow.ts';

interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Error?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly JitterStrategy?: string; readonly MaxAttempts?: number }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ItemProcessor?: States & { readonly ProcessorConfig: object };
  readonly ToleratedFailurePercentage?: number;
}
interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const text = await readDefinition();
const machine = JSON.parse(text) as States;
const branch: States = machine.States['MigrateDatabases']?.ItemProcessor ?? { StartAt: '', States: {} };
const all = [...Object.entries(machine.States), ...Object.entries(branch.States)];
const tasks = all.filter(([, state]) => state.Type === 'Task');
const records = tasks.filter(([, state]) => state.Resource?.includes('dynamodb:updateItem'));

/** As the owner under the attempt; or after this very write, whose answer was lost. */
const ownersOnly =
  /^(#owner = :me|\(#owner = :me OR \(attribute_not_exists\(#owner\) AND #state = :state\)\)) AND (#attempt = :before|\(#attempt = :before OR #attempt = :attempt\))$/;

/** States of a record that follow from the data: as what a run's databases end depends on whether it verifies. */
const statesByPath: Readonly<Record<string, string>> = {
  RecordVerified: '$.outcome.state',
  RecordResumed: '$.recovery.restingState',
};

describe('the definition', () => {
  it('is what its source makes', async () => {
    assert.equal(await readFile(definitionFile, 'utf8'), definitionText(), 'run `npm run state-machine`');
  });


  it('is one that the local runtime accepts', () => {
    assert.doesNotThrow(() => parseDefinition(text));
  });

  it('says of every state what it is for', () => {
    assert.deepEqual(all.filter(([, { Comment = '' }]) => Comment.length < 10).map(([name]) => name), []);
  });

  it('limits the time of every Task', () => {
    const timed = new Set(['$.timeoutSeconds.dump', '$.timeoutSeconds.import', '$.timeoutSeconds.verify']);
    const unlimited = tasks.filter(
      ([, { TimeoutSeconds = 0, TimeoutSecondsPath = '' }]) => TimeoutSeconds < 1 && !timed.has(TimeoutSecondsPath),
    );
    assert.deepEqual(unlimited.map(([name]) => name), []);
  });

  it('retries only what is the platform\'s, with full jitter, and never everything', () => {
    for (const [name, { Retry = [] }] of all) {
      for (const retrier of Retry) {
        assert.equal(retrier.JitterStrategy, 'FULL', name);
        for (const error of retrier.ErrorEquals) {
          const platform = /^(Lambda|Sandbox|DynamoDB|ECS|AmazonECS|S3|SQS|SNS)\.|^States\.Timeout$/;
          // What our functions call a service or server that did not answer them.
          const answered = isErrorName(error) && errorKinds[error].needs !== undefined;
          assert.ok(platform.test(error) || answered, `${name} retries ${error}`);
        }
      }
    }
    assert.equal(tasks.every(([, { Retry = [] }]) => Retry.length > 0), true);
  });

  it('tolerates every failure of a branch, and starts no second Map Run by itself', () => {
    const map = machine.States['MigrateDatabases'];
    assert.deepEqual([map?.ToleratedFailurePercentage, map?.Retry], [100, undefined]);
    assert.deepEqual(map?.ItemProcessor?.ProcessorConfig, { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
  });

  it('reaches every state from the first', () => {
    for (const { StartAt, States } of [machine, branch]) {
      const reached = new Set<string>();
      const visit = (name: string | undefined): void => {
        const state = States[name ?? ''];
        if (name === undefined || state === undefined || reached.has(name)) return;
        reached.add(name);
        for (const next of [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next), ...(state.Catch ?? []).map(({ Next }) => Next)]) visit(next);
      };
      visit(StartAt);
      assert.deepEqual(Object.keys(States).filter((name) => !reached.has(name)), []);
    }
  });

  it('writes a record only as its owner, under its attempt, with a transition; and only the claim takes ownership', () => {
    assert.ok(records.length >= 10);
    for (const [name, { Parameters = {}, Catch = [] }] of records) {
      assert.ok(Catch.some(({ ErrorEquals, Next }) => ErrorEquals.includes('DynamoDB.ConditionalCheckFailedException') && Next === 'DatabaseClaimed'), name);
      if (name === 'ClaimDatabase') continue;
      assert.match(String(Parameters['ConditionExpression']), ownersOnly, name);
      assert.match(String(Parameters['UpdateExpression']), /list_append\(#transitions, :transition\)/, name);
      assert.doesNotMatch(String(Parameters['UpdateExpression']), /#owner = /, name);
    }
  });

  it('declares each name and value of an expression, and no other, as DynamoDB demands', () => {
    for (const [name, { Parameters = {} }] of records) {
      const expression = `${String(Parameters['UpdateExpression'])} ${String(Parameters['ConditionExpression'])}`;
      const used = [...new Set(expression.match(/[#:][A-Za-z]+/g))].sort();
      const declared = ['ExpressionAttributeNames', 'ExpressionAttributeValues'].flatMap((key) => Object.keys(Parameters[key] as object)).sort();
      assert.deepEqual(declared, used, name);
    }
  });

  it('spells states, errors and keys as the code does', () => {
    for (const [name, { Parameters = {} }] of records) {
      const { ':state': state } = Parameters['ExpressionAttributeValues'] as Record<string, { S?: string; 'S.$'?: string }>;
      const path = statesByPath[name];
      if (path !== undefined) assert.equal(state?.['S.$'], path);
      else if (state !== undefined) assert.ok((databaseStates as readonly (string | undefined)[]).includes(state.S), name);
      assert.equal((Parameters['Key'] as { item: Record<string, string> }).item['S.$'], `States.Format('${databaseItem('{}')}', $.database)`, name);
    }
    for (const [name, { Error: error }] of all) if (error !== undefined) assert.ok(isErrorName(error), name);
  });
});
