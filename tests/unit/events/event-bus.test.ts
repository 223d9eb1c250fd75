import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventBus } from '../../../local/events/event-bus.ts';
import { compilePattern } from '../../../local/events/event-pattern.ts';
import type { JsonObject } from '../../../local/stepfunctions/language/json.ts';
import type { LocalRule, LocalRuleTarget } from '../../../local/template/stack-types.ts';

const event: JsonObject = {
  version: '0',
  source: 'aws.s3',
  'detail-type': 'Object Created',
  resources: ['arn:aws:s3:::bucket'],
  detail: { bucket: { name: 'bucket' }, object: { key: 'spring/dumps/shop/manual/manifest.json', size: 120 }, reason: null },
};

describe('event patterns', () => {
  const cases: readonly (readonly [description: string, pattern: JsonObject, matches: boolean])[] = [
    ['one of several exact values', { source: ['aws.ec2', 'aws.s3'] }, true],
    ['no value in common', { source: ['aws.ec2'] }, false],
    ['every field, at any depth', { source: ['aws.s3'], detail: { bucket: { name: ['bucket'] } } }, true],
    ['one of the fields differs', { source: ['aws.s3'], detail: { bucket: { name: ['other'] } } }, false],
    ['a field that is not there', { detail: { nothing: ['x'] } }, false],
    ['any member of a list', { resources: ['arn:aws:s3:::bucket'] }, true],
    ['null', { detail: { reason: [null] } }, true],
    ['prefix', { detail: { object: { key: [{ prefix: 'spring/' }] } } }, true],
    ['another prefix', { detail: { object: { key: [{ prefix: 'dumps/' }] } } }, false],
    ['suffix', { detail: { object: { key: [{ suffix: 'manifest.json' }] } } }, true],
    ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'AWS.S3' }] }, true],
    ['wildcard', { detail: { object: { key: [{ wildcard: '*/dumps/*/manual/manifest.json' }] } } }, true],
    ['wildcard that must match to the end', { detail: { object: { key: [{ wildcard: '*/dumps/*/manual' }] } } }, false],
    ['wildcard whose dots are dots', { source: [{ wildcard: 'aws*s3' }] }, true],
    ['wildcard with other characters of regular expressions', { source: [{ wildcard: 'a.s.s3' }] }, false],
    ['anything-but', { source: [{ 'anything-but': ['aws.ec2'] }] }, true],
    ['anything-but the value', { source: [{ 'anything-but': 'aws.s3' }] }, false],
    ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
    ['exists', { detail: { bucket: [{ exists: true }] } }, true],
    ['exists false', { detail: { nothing: [{ exists: false }] } }, true],
    ['exists false of what is there', { source: [{ exists: false }] }, false],
    ['numeric range', { detail: { object: { size: [{ numeric: ['>', 100, '<=', 120] }] } } }, true],
    ['outside the numeric range', { detail: { object: { size: [{ numeric: ['>', 120] }] } } }, false],
    ['$or', { $or: [{ source: ['aws.ec2'] }, { detail: { bucket: { name: ['bucket'] } } }] }, true],
  ];
  for (const [description, pattern, matches] of cases) {
    it(`${matches ? 'match' : 'do not match'}: ${description}`, () => {
      assert.equal(compilePattern(pattern, 'rule')(event), matches);
    });
  }

  it('refuses a comparison that is not implemented, naming rule and field', () => {
    assert.throws(() => compilePattern({ 'source-ip': [{ cidr: '10.0.0.0/24' }] }, 'from-office'), { name: 'UnsupportedDefinition', message: /from-office.*source-ip.*cidr/ });
  });
});

describe('the event bus', () => {
  it('hands an event to the targets of the rules that match, and to no others', async () => {
    const calls: string[][] = [];
    const bus = new EventBus({
      rules: [rule('s3', { source: ['aws.s3'] }), rule('ec2', { source: ['aws.ec2'] }), { ...rule('off', {}), enabled: false }],
      invoke: (arn, input) => {
        calls.push([arn, input]);
        return Promise.resolve();
      },
    });
    assert.equal(bus.isAwaited(event), true);
    assert.equal(bus.isAwaited({ source: 'aws.rds' }), false);
    await bus.publish(event);
    assert.deepEqual(calls, [[arnOf('s3'), JSON.stringify(event)]]);
  });

  it('rejects when a target could not be invoked, so that whoever keeps the event delivers it again', async () => {
    const bus = new EventBus({ rules: [rule('s3', {})], invoke: () => Promise.reject(new Error('the runtime is stopping')) });
    await assert.rejects(bus.publish(event), /stopping/);
  });

  it('gives a target what its Input, InputPath or InputTransformer says', async () => {
    assert.equal(await inputOf({ input: '{"fixed":1}' }), '{"fixed":1}');
    assert.equal(await inputOf({ inputPath: '$.resources[0]' }), '"arn:aws:s3:::bucket"');
    const paths = { key: '$.detail.object.key', size: '$.detail.object.size', object: '$.detail.object', gone: '$.detail.gone' };
    const template = '{"text": "<key> of <size> bytes, <gone>", "key": <key>, "object": <object>, "rule": <aws.events.rule-name>}';
    assert.deepEqual(JSON.parse(await inputOf({ inputTransformer: { paths, template } })), {
      text: 'spring/dumps/shop/manual/manifest.json of 120 bytes, ',
      key: 'spring/dumps/shop/manual/manifest.json',
      object: { key: 'spring/dumps/shop/manual/manifest.json', size: 120 },
      rule: 'transformed',
    });
  });

  it('refuses targets that are no functions', () => {
    const build = (changes: Partial<LocalRule>) => new EventBus({ rules: [{ ...rule('odd', {}), ...changes }], invoke: () => Promise.resolve() });
    assert.throws(() => build({ targets: [target({ arn: 'arn:aws:sqs:us-east-1:000000000000:queue' })] }), { message: /odd.*no function/ });
  });

  it('leaves rules on a schedule alone', async () => {
    const calls: string[] = [];
    const bus = new EventBus({
      rules: [{ ...rule('minutely', {}), pattern: undefined, schedule: 'rate(1 minute)' }],
      invoke: (arn) => {
        calls.push(arn);
        return Promise.resolve();
      },
    });
    await bus.publish(event);
    assert.deepEqual(calls, []);
  });

  async function inputOf(changes: Partial<LocalRuleTarget>): Promise<string> {
    let received = '';
    const bus = new EventBus({
      rules: [{ ...rule('transformed', {}), targets: [target(changes)] }],
      invoke: (_arn, input) => {
        received = input;
        return Promise.resolve();
      },
    });
    await bus.publish(event);
    return received;
  }
});

function rule(name: string, pattern: JsonObject): LocalRule {
  return { logicalId: name, name, arn: `arn:aws:events:us-east-1:000000000000:rule/${name}`, enabled: true, pattern, schedule: undefined, targets: [target({ arn: arnOf(name) })] };
}

function target(changes: Partial<LocalRuleTarget>): LocalRuleTarget {
  return { id: 'target', arn: arnOf('work'), input: undefined, inputPath: undefined, inputTransformer: undefined, ...changes };
}

function arnOf(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}
