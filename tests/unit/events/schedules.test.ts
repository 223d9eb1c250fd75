import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Schedules } from '../../../local/events/schedules.ts';
import type { LocalRule } from '../../../local/template/stack-types.ts';
import { manualClock } from '../stepfunctions/harness.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:work';

function rule(changes: Partial<LocalRule>): LocalRule {
  return {
    logicalId: 'Minutely',
    name: 'minutely',
    arn: 'arn:aws:events:us-east-1:000000000000:rule/minutely',
    enabled: true,
    pattern: undefined,
    schedule: 'rate(1 minute)',
    targets: [{ id: 'work', arn: functionArn, input: undefined, inputPath: undefined, inputTransformer: undefined }],
    ...changes,
  };
}

function start(rules: readonly LocalRule[], answer: () => Promise<void> = () => Promise.resolve()) {
  const clock = manualClock(Date.parse('2026-03-01T12:00:00Z'));
  const calls: { readonly arn: string; readonly event: Record<string, unknown> }[] = [];
  const errors: string[] = [];
  const schedules = new Schedules({
    rules,
    invoke: (arn, event) => {
      calls.push({ arn, event: JSON.parse(event) as Record<string, unknown> });
      return answer();
    },
    onError: (error, name) => errors.push(`${name}: ${String(error)}`),
    clock,
    account: '000000000000',
    region: 'us-east-1',
  });
  schedules.start();
  return { clock, calls, errors, schedules };
}

describe('rules on a schedule', () => {
  it('invoke their function at their rate, first after one interval, with the event that EventBridge sends', () => {
    const { clock, calls } = start([rule({})]);
    clock.advance(59_999);
    assert.equal(calls.length, 0);
    clock.advance(1);
    for (let minute = 0; minute < 2; minute += 1) clock.advance(60_000);
    assert.deepEqual(calls.map(({ arn }) => arn), [functionArn, functionArn, functionArn]);
    const { id, ...event } = calls[0]?.event ?? {};
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(event, {
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2026-03-01T12:01:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/minutely'],
      detail: {},
    });
  });

  it('do not make up for the time that the machine slept', () => {
    const { clock, calls } = start([rule({ schedule: 'rate(5 minutes)' })]);
    clock.advance(3_600_000);
    assert.equal(calls.length, 1);
    clock.advance(300_000);
    assert.equal(calls.length, 2);
  });

  it('stop with the runtime; those that are disabled, or have a pattern instead, never start', () => {
    const running = start([rule({})]);
    running.schedules.stop();
    running.clock.advance(600_000);
    assert.deepEqual(running.calls, []);
    const idle = start([rule({ enabled: false }), rule({ schedule: undefined, pattern: { source: ['aws.s3'] } })]);
    idle.clock.advance(600_000);
    assert.deepEqual(idle.calls, []);
  });

  it('go on when an invocation fails, which is told; and are silent about what was given up at the end', async () => {
    const { clock, calls, errors, schedules } = start([rule({})], () => Promise.reject(new Error('no such function')));
    clock.advance(60_000);
    clock.advance(60_000);
    await Promise.resolve();
    assert.equal(calls.length, 2);
    assert.deepEqual(errors, ['minutely: Error: no such function', 'minutely: Error: no such function']);
    clock.advance(60_000);
    schedules.stop();
    await Promise.resolve();
    assert.equal(errors.length, 2);
  });

  for (const schedule of ['cron(0 12 * * ? *)', 'rate(0 minutes)', 'rate(1 minutes)', 'rate(5 minute)', 'rate(1 week)', 'sometimes']) {
    it(`refuse ${schedule}, naming the rule`, () => {
      assert.throws(() => start([rule({ schedule })]), { name: 'UnsupportedDefinition', message: /minutely/ });
    });
  }
});
