/** The dashboard as it is packaged. Source of the shapes: CloudWatch API Reference, "Dashboard Body Structure and Syntax". */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { metrics, type MetricName } from '../../../core/events.ts';
import type { Template } from '../../../local/template/intrinsics.ts';
import { packagedTemplate, place, resolved } from './support.ts';

const metricOptions = z.strictObject({
  id: z.string().regex(/^[a-z]\w*$/).optional(),
  label: z.string().optional(),
  stat: z.string().regex(/^(Sum|Average|Minimum|Maximum|SampleCount|p\d\d)$/).optional(),
  color: z.string().regex(/^#[0-9a-f]{6}$/).optional(),
  visible: z.boolean().optional(),
  yAxis: z.enum(['left', 'right']).optional(),
});
const expressionSchema = z.tuple([metricOptions.omit({ stat: true }).extend({ expression: z.string().max(1_024) })]);
const side = z.strictObject({ min: z.number().optional(), max: z.number().optional(), label: z.string().optional(), showUnits: z.boolean().optional() });
const placement = { x: z.number().int().min(0).max(23), y: z.number().int().min(0), width: z.number().int().min(1).max(24), height: z.number().int().min(1).max(1_000) };
const metricWidget = z.strictObject({
  type: z.literal('metric'),
  ...placement,
  properties: z.strictObject({
    title: z.string(),
    region: z.string(),
    view: z.enum(['timeSeries', 'singleValue']),
    stacked: z.boolean(),
    period: z.number().int().multipleOf(60),
    metrics: z.array(z.array(z.unknown())).min(1).max(500),
    yAxis: z.strictObject({ left: side.optional(), right: side.optional() }).optional(),
    annotations: z.strictObject({ horizontal: z.array(z.strictObject({ value: z.number(), label: z.string() })) }).optional(),
  }),
});
const widgetSchema = z.discriminatedUnion('type', [
  metricWidget,
  z.strictObject({ type: z.literal('text'), ...placement, properties: z.strictObject({ markdown: z.string().min(1) }) }),
  z.strictObject({ type: z.literal('alarm'), ...placement, properties: z.strictObject({ title: z.string(), alarms: z.array(z.string().startsWith('arn:aws:cloudwatch:')).min(1).max(100) }) }),
  z.strictObject({ type: z.literal('log'), ...placement, properties: z.strictObject({ title: z.string(), region: z.string(), view: z.literal('table'), query: z.string() }) }),
]);
const bodySchema = z.strictObject({ start: z.string().startsWith('-PT'), periodOverride: z.enum(['auto', 'inherit']), widgets: z.array(widgetSchema).max(500) });
type Widget = z.infer<typeof widgetSchema>;

const everything = { AuroraClusterId: 'fleet-cluster', SourceInstanceId: 'i-0a1b2c3d4e5f60001' };

describe('the dashboard', () => {
  let template: Template;
  before(async () => {
    template = await packagedTemplate();
  });

  const textOf = (parameters: Readonly<Record<string, string>>): string => z.string().parse(resolved(template, parameters).property('Dashboard', 'DashboardBody'));
  const widgetsOf = (parameters: Readonly<Record<string, string>>): Widget[] => bodySchema.parse(JSON.parse(textOf(parameters))).widgets;

  for (const [what, parameters] of Object.entries({ everything, nothing: {}, 'Aurora alone': { AuroraClusterId: 'c' }, 'the source alone': { SourceInstanceId: 'i-12345678' } })) {
    it(`has the shape that CloudWatch takes, and no overlaps or holes, where parameters name ${what}`, () => {
      const widgets = widgetsOf(parameters);
      const cells = new Map<string, number>();
      for (const { x, y, width, height } of widgets) {
        assert.ok(x + width <= 24);
        for (let column = x; column < x + width; column += 1) {
          for (let line = y; line < y + height; line += 1) cells.set(`${column} ${line}`, (cells.get(`${column} ${line}`) ?? 0) + 1);
        }
      }
      const bottom = Math.max(...widgets.map(({ y, height }) => y + height));
      assert.equal(cells.size, 24 * bottom, 'every cell is taken');
      assert.deepEqual([...cells].filter(([, times]) => times > 1), []);
    });
  }

  it('draws metrics and expressions that are well formed, with every name in a formula defined', () => {
    for (const widget of metricWidgets(widgetsOf(everything))) {
      const ids = widget.properties.metrics.flatMap((entry) => (entry.at(-1) as { id?: string } | undefined)?.id ?? []);
      assert.equal(new Set(ids).size, ids.length, widget.properties.title);
      for (const entry of widget.properties.metrics) {
        if (entry.length === 1) {
          const [{ expression }] = expressionSchema.parse(entry);
          if (expression.startsWith('SEARCH')) continue;
          const names = expression.replaceAll(/PERIOD/g, '').match(/[a-zA-Z]\w*/g) ?? [];
          assert.deepEqual(names.filter((name) => !ids.includes(name)), [], expression);
        } else {
          const { named, options } = partsOf(entry);
          assert.ok(named.length >= 2 && named.length % 2 === 0, JSON.stringify(entry));
          assert.ok(named.every((part) => typeof part === 'string' && part !== ''), JSON.stringify(entry));
          metricOptions.parse(options);
        }
      }
    }
  });

  it('draws every metric of Ferry, and none that it does not write', () => {
    const drawn = new Set(
      metricWidgets(widgetsOf(everything)).flatMap(({ properties }) => properties.metrics.flatMap((entry) => (entry[0] === 'AuroraFerry' ? [String(entry[1])] : []))),
    );
    assert.deepEqual([...drawn].sort(), Object.keys(metrics).sort());
    for (const widget of metricWidgets(widgetsOf(everything))) {
      for (const entry of widget.properties.metrics.filter(([namespace]) => namespace === 'AuroraFerry')) {
        assert.deepEqual(entry.slice(2, 4), ['service', 'aurora-ferry-dev']);
        assert.ok(Object.hasOwn(metrics, entry[1] as MetricName));
      }
    }
  });

  it('draws what the script before Ferry was watched by, where the servers are named', () => {
    const drawnFor = (parameters: Readonly<Record<string, string>>): string => JSON.stringify(metricWidgets(widgetsOf(parameters)).map(({ properties }) => properties.metrics));
    const wanted = [
      'CPUUtilization', 'mem_used_percent', 'EBSReadOps', 'EBSWriteOps', 'FreeableMemory', 'DatabaseConnections', 'DDLThroughput', 'DMLThroughput', 'InsertThroughput', 'UpdateThroughput', 'fleet-cluster/slowquery',
      'ApproximateMapRunBacklogSize', 'ApproximateOpenMapRunCount', 'CpuUtilized', 'MemoryUtilized', 'Throttles', 'Errors',
    ];
    assert.deepEqual(wanted.filter((name) => !drawnFor(everything).includes(name)), []);
    assert.ok(!drawnFor({}).includes('AWS/RDS') && !drawnFor({}).includes('AWS/EC2'));
  });

  it('names the stack\'s own resources where it is, and no account, region or server of its own', () => {
    const written = JSON.stringify(template.Resources['Dashboard']);
    assert.doesNotMatch(written, /\d{12}|\b[a-z]{2}-[a-z]+-\d\b|\bi-[0-9a-f]{8}/);
    const text = textOf(everything);
    assert.doesNotMatch(text, /\$\{/);
    const branches = `arn:aws:states:${place.region}:${place.accountId}:stateMachine:aurora-ferry-dev/MigrateDatabases`;
    for (const name of [branches, 'aurora-ferry-dev-checkAuroraConnections', 'aurora-ferry-dev-dump', '/aws/lambda/aurora-ferry-dev-classifyFailure']) assert.ok(text.includes(name), name);
    for (const widget of metricWidgets(widgetsOf(everything))) assert.equal(widget.properties.region, place.region);
  });

  it('shows every alarm that is always there', () => {
    const always = Object.entries(template.Resources).filter(([, { Type, Condition }]) => Type === 'AWS::CloudWatch::Alarm' && Condition === undefined);
    const shown = widgetsOf({}).flatMap((widget) => (widget.type === 'alarm' ? widget.properties.alarms : []));
    assert.deepEqual(shown.map((arn) => arn.split(':').at(-1)).sort(), always.map(([, { Properties }]) => Properties['AlarmName']).sort());
  });
});

function metricWidgets(widgets: readonly Widget[]): z.infer<typeof metricWidget>[] {
  return widgets.filter((widget) => widget.type === 'metric');
}

/** Namespace, name, and dimensions in pairs; then the options. */
function partsOf(entry: readonly unknown[]): { named: readonly unknown[]; options: unknown } {
  return { named: entry.slice(0, -1), options: entry.at(-1) };
}
