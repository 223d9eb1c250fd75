/** Holds a log line to core/events.ts. */
import assert from 'node:assert/strict';
import { events, fields, metricNamespace, metrics, type EventName, type FieldName, type MetricName } from '../../../../core/events.ts';
import { dataOf, type Datum, type Line } from './embedded-metrics.ts';

/** Of Powertools' logger, in every line. */
const envelope = ['level', 'message', 'timestamp', 'service', 'sampling_rate', 'xray_trace_id', 'event', '_aws'];

/** @returns the metrics of the line */
export function checkLine(line: Line, service: string): Datum[] {
  const said = JSON.stringify(line);
  const name = String(line['event']) as EventName;
  assert.ok(Object.hasOwn(events, name), said);
  const { level, fields: required } = events[name];
  assert.equal(line['level'], level.toUpperCase(), said);
  assert.equal(line['service'], service, said);
  assert.ok(typeof line['message'] === 'string' && line['message'] !== '', said);
  assert.match(String(line['timestamp']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  for (const field of required) assert.notEqual(line[field], undefined, `${field} is missing: ${said}`);
  const unknown = Object.keys(line).filter((key) => !envelope.includes(key) && !Object.hasOwn(fields, key) && !Object.hasOwn(metrics, key));
  assert.deepEqual(unknown, [], said);
  const data = dataOf(line);
  for (const { namespace, name: metric, unit, dimensions } of data) {
    assert.equal(namespace, metricNamespace);
    const kind = metrics[metric as MetricName];
    assert.equal(unit, kind.unit, metric);
    const allowed: readonly FieldName[] = kind.by === undefined ? [] : [kind.by];
    assert.deepEqual(Object.keys(dimensions).filter((key) => key !== 'service' && !allowed.includes(key as FieldName)), [], metric);
    assert.equal(dimensions['service'], service);
  }
  return data;
}
