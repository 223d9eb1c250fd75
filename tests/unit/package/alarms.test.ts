/** The alarms as they are packaged, against the metrics that are written and the runbook. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { metricNamespace, metrics } from '../../../core/events.ts';
import type { Template } from '../../../local/template/intrinsics.ts';
import { packagedTemplate, resolved } from './support.ts';

const dimensions = z.array(z.strictObject({ Name: z.string().min(1), Value: z.string().min(1) })).default([]);
const metricSchema = z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions });
const alarmSchema = z.strictObject({
  AlarmName: z.string(),
  AlarmDescription: z.string().max(1_024),
  AlarmActions: z.array(z.string().startsWith('arn:aws:sns:')).length(1),
  OKActions: z.array(z.string().startsWith('arn:aws:sns:')).length(1).optional(),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensions,
  Statistic: z.enum(['Sum', 'Maximum', 'Minimum', 'Average']).optional(),
  Period: z.number().int().multipleOf(60).optional(),
  Metrics: z
    .array(
      z.union([
        z.strictObject({ Id: z.string().regex(/^[a-z]\w*$/), Label: z.string(), Expression: z.string() }),
        z.strictObject({ Id: z.string().regex(/^[a-z]\w*$/), ReturnData: z.literal(false), MetricStat: z.strictObject({ Metric: metricSchema, Period: z.number().int().multipleOf(60), Stat: z.string() }) }),
      ]),
    )
    .max(10)
    .optional(),
  EvaluationPeriods: z.number().int().min(1),
  Threshold: z.number().or(z.string().regex(/^\d+$/)),
  ComparisonOperator: z.enum(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold']),
  TreatMissingData: z.enum(['notBreaching', 'missing']),
});
type Alarm = z.infer<typeof alarmSchema>;

const parameters = { AuroraClusterId: 'fleet-cluster', SourceInstanceId: 'i-0a1b2c3d4e5f60001', AlarmEmail: 'on-call@example.com' };
const root = join(import.meta.dirname, '../../..');

describe('the alarms', () => {
  let template: Template;
  let alarms: ReadonlyMap<string, Alarm>;

  before(async () => {
    template = await packagedTemplate();
    alarms = alarmsOf(parameters);
  });

  function alarmsOf(given: Readonly<Record<string, string>>): Map<string, Alarm> {
    const intrinsics = resolved(template, given);
    const present = Object.entries(template.Resources).filter(([, { Type, Condition }]) => Type === 'AWS::CloudWatch::Alarm' && intrinsics.exists(Condition));
    return new Map(
      present.map(([id, { Properties }]) => [id, alarmSchema.parse(Object.fromEntries(Object.keys(Properties).map((name) => [name, intrinsics.property(id, name)])))]),
    );
  }

  it('name each the section of the runbook that says what to do, and the runbook has no other', () => {
    const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
    const sections = Array.from(runbook.matchAll(/^## (.+)$/gm), ([, title = '']) => anchorOf(title));
    const named = [...alarms].map(([id, { AlarmDescription }]) => {
      const match = /^[A-Z].+\. Runbook: docs\/runbook\.md#([a-z0-9-]+)$/.exec(AlarmDescription);
      assert.ok(match?.[1] !== undefined, `${id}: ${AlarmDescription}`);
      return match[1];
    });
    assert.deepEqual([...new Set(named)].sort(), [...sections].sort());
    for (const { AlarmName } of alarms.values()) assert.ok(runbook.includes(`\`${AlarmName.replace('aurora-ferry-dev-', '')}\``), `docs/runbook.md does not name ${AlarmName}`);
  });

  it('watch only metrics that are written, in a period and dimensions in which they are', () => {
    const watched = [...alarms].flatMap(([id, alarm]) => metricsOf(alarm).map((metric) => ({ id, ...metric })));
    for (const { id, Namespace, MetricName, Dimensions } of watched) {
      if (Namespace !== metricNamespace) continue;
      assert.ok(Object.hasOwn(metrics, MetricName), `${id} watches ${MetricName}`);
      assert.deepEqual(Dimensions, [{ Name: 'service', Value: 'aurora-ferry-dev' }], id);
    }
    const native = new Set(watched.filter(({ Namespace }) => Namespace !== metricNamespace).map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`));
    assert.deepEqual([...native].sort(), [
      'AWS/EC2 StatusCheckFailed', 'AWS/Lambda Errors', 'AWS/Lambda Throttles', 'AWS/RDS CPUUtilization', 'AWS/RDS DatabaseConnections', 'AWS/RDS FreeableMemory', 'AWS/SQS ApproximateAgeOfOldestMessage', 'AWS/SQS ApproximateNumberOfMessagesVisible',
      'AWS/States ApproximateMapRunBacklogSize', 'AWS/States ExecutionThrottled', 'AWS/States ExecutionsFailed', 'AWS/States ExecutionsTimedOut',
    ]);
  });

  it('watch every function but the one that fails on purpose', () => {
    const intrinsics = resolved(template);
    const functions = Object.keys(template.Resources).filter((id) => template.Resources[id]?.Type === 'AWS::Lambda::Function').map((id) => intrinsics.identity(id).name);
    const watched = [...alarms.values()].filter(({ MetricName }) => MetricName === 'Errors').map(({ Dimensions }) => Dimensions[0]?.Value);
    assert.deepEqual(watched.sort(), functions.filter((name) => !name.endsWith('-holdForRedrive')).sort());
  });

  it('use in a formula only metrics that they read, and read one metric or several', () => {
    for (const [id, { Metrics, MetricName, Statistic, Period }] of alarms) {
      assert.equal(Metrics === undefined, MetricName !== undefined && Statistic !== undefined && Period !== undefined, id);
      if (Metrics === undefined) continue;
      const formulas = Metrics.flatMap((each) => ('Expression' in each ? [each.Expression] : []));
      assert.equal(formulas.length, 1, id);
      const names = (formulas[0] ?? '').match(/\b[a-z]\w*\b/g) ?? [];
      const read = Metrics.flatMap((each) => ('MetricStat' in each ? [each.Id] : []));
      assert.deepEqual([...new Set(names)].sort(), read.sort(), id);
    }
  });

  it('add up in their formulas only what ReportProgress says 0 to, so that nothing of it is missing in a quiet minute', () => {
    const handler = readFileSync(join(root, 'functions/report-progress/handler.ts'), 'utf8');
    for (const alarm of alarms.values()) {
      if (alarm.Metrics === undefined) continue;
      for (const { MetricName } of metricsOf(alarm)) assert.match(handler, new RegExp(`\\b${MetricName}: (0|runs)\\b`), MetricName);
    }
  });

  it('take missing data for quiet where metrics are sparse, and show it where they never are', () => {
    for (const [id, alarm] of alarms) {
      const always = metricsOf(alarm).every(({ Namespace }) => Namespace === 'AWS/RDS' || Namespace === 'AWS/EC2');
      assert.equal(alarm.TreatMissingData, always ? 'missing' : 'notBreaching', id);
    }
  });

  it('page the stack\'s own topic, which only CloudWatch of this account may, or one that is named', () => {
    const own = resolved(template).identity('AlarmTopic').arn;
    assert.deepEqual([...new Set([...alarms.values()].flatMap(({ AlarmActions, OKActions = [] }) => [...AlarmActions, ...OKActions]))], [own]);
    const policy = JSON.stringify(resolved(template).property('AlarmTopicPolicy', 'PolicyDocument'));
    assert.match(policy, /"Service":"cloudwatch\.amazonaws\.com".*"aws:SourceAccount":"210987654321"/);
    const AlarmTopicArn = 'arn:aws:sns:ap-southeast-9:210987654321:on-call';
    const elsewhere = alarmsOf({ ...parameters, AlarmTopicArn });
    assert.deepEqual([...new Set([...elsewhere.values()].flatMap(({ AlarmActions }) => AlarmActions))], [AlarmTopicArn]);
    const intrinsics = resolved(template, { ...parameters, AlarmTopicArn });
    for (const id of ['AlarmTopic', 'AlarmTopicPolicy', 'AlarmEmailSubscription']) assert.equal(intrinsics.exists(template.Resources[id]?.Condition), false, id);
  });

  it('leave the servers out that no parameter names', () => {
    const left = [...alarmsOf({}).keys()];
    assert.deepEqual([...alarms.keys()].filter((id) => !left.includes(id)).sort(), ['AuroraConnectionsAlarm', 'AuroraCpuAlarm', 'AuroraMemoryAlarm', 'SourceStatusAlarm']);
  });
});

function metricsOf(alarm: Alarm): z.infer<typeof metricSchema>[] {
  if (alarm.Namespace !== undefined && alarm.MetricName !== undefined) return [{ Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions }];
  return (alarm.Metrics ?? []).flatMap((each) => ('MetricStat' in each ? [each.MetricStat.Metric] : []));
}

/** As GitHub makes the anchor of a heading. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9 -]/g, '').replaceAll(' ', '-');
}
