/**
 * Reads log lines as CloudWatch does. Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format", with
 * the quotas of "MetricDatum" in the API Reference.
 */
import assert from 'node:assert/strict';
import { z } from 'zod';

const units = [
  'Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count',
  'Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second', 'Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None',
] as const;

const definitionSchema = z.strictObject({ Name: z.string().min(1).max(1_024), Unit: z.enum(units).optional(), StorageResolution: z.literal([1, 60]).optional() });
const directiveSchema = z.strictObject({
  Namespace: z.string().min(1).max(1_024).regex(/^[^:]/),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
  Metrics: z.array(definitionSchema).max(100),
});
const metadataSchema = z.strictObject({ Timestamp: z.number().int().positive(), CloudWatchMetrics: z.array(directiveSchema) });
const documentSchema = z.looseObject({ _aws: metadataSchema });

export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Line = Readonly<Record<string, unknown>>;

/** @throws AssertionError when a line is not one JSON object */
export function parseLines(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      assert.ok(Buffer.byteLength(line) < 16_384, `cut in two by a container runtime: ${line.slice(0, 200)}`);
      const parsed: unknown = JSON.parse(line);
      assert.ok(typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed), line);
      return parsed as Line;
    });
}

/** The data points that CloudWatch would extract. @throws AssertionError where it would extract none in silence */
export function dataOf(line: Line): Datum[] {
  if (!('_aws' in line)) return [];
  const { _aws } = documentSchema.parse(line);
  assert.ok(Math.abs(Date.now() - _aws.Timestamp) < 2 * 3_600_000, 'CloudWatch takes a timestamp of the last two weeks to the next two hours');
  return _aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name: name, Unit: unit }) => {
      const value = line[name];
      assert.ok(typeof value === 'number' && Number.isFinite(value), `${name} is ${String(value)}`);
      return Dimensions.map((set) => ({ namespace, name, unit, value, dimensions: dimensionsOf(line, set) }));
    }),
  );
}

function dimensionsOf(line: Line, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const value = line[name];
      assert.ok(typeof value === 'string' && value.trim() !== '' && value.length <= 1_024, `the dimension ${name} is ${String(value)}`);
      return [name, value];
    }),
  );
}
