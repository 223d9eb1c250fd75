/**
 * Writes events as lines of JSON. The metrics of an event are in its own line, in CloudWatch's embedded metric format,
 * so that a metric costs no second line and its line says what it belongs to.
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
import { Logger, type LogItem } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { z } from 'zod';
import { type EventFields, type EventName, events, type FieldName, type FieldValues, type MetricName, metricNamespace, metrics, type MetricValues } from './events.ts';

/** A line stays well under the 16 KiB at which container runtimes cut one in two, and a cut line is no metric. */
const longestText = 2_000;

export type WriteLine = (line: string) => void;

/** Of functions and tasks alike: what their logs and metrics call the stack. Powertools' own name for it. */
export const serviceVariable = { POWERTOOLS_SERVICE_NAME: z.string().min(1).default('aurora-ferry') };

/** @typeParam Known fields that every event of this log has already */
export class EventLog<Known extends FieldName = never> {
  readonly #service: string;
  readonly #known: FieldValues;
  readonly #logger: Logger;

  private constructor(service: string, known: FieldValues, logger: Logger) {
    this.#service = service;
    this.#known = known;
    this.#logger = logger;
  }

  /**
   * @param service name of the stack: the dimension `service` of every metric
   * @param writeLine takes each line, without its end; else lines go to the process's own output, where CloudWatch reads them
   */
  static of(service: string, writeLine?: WriteLine): EventLog {
    return new EventLog(service, {}, writeLine === undefined ? new Logger({ serviceName: service }) : loggerTo(service, writeLine));
  }

  /** The same log for a part of the work, whose events have these fields as well. */
  with<Values extends FieldValues>(values: Values): EventLog<Known | (keyof Values & FieldName)> {
    return new EventLog(this.#service, { ...this.#known, ...values }, this.#logger);
  }

  write<Name extends EventName>(name: Name, message: string, values: Omit<EventFields<Name>, Known>, measured: MetricValues = {}): void {
    const line = { event: name, ...shortened({ ...this.#known, ...values }) };
    this.#logger[events[name].level](cut(message), line, this.#embedded(measured, line));
  }

  #embedded(measured: MetricValues, line: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const names = Object.keys(measured) as MetricName[];
    if (names.length === 0) return {};
    const embedded = new Metrics({ namespace: metricNamespace, serviceName: this.#service });
    for (const name of names) embedded.addMetric(name, MetricUnit[metrics[name].unit], measured[name] ?? 0);
    const dimensions = new Set(names.flatMap((name) => metrics[name].by ?? []).filter((by) => line[by] !== undefined));
    if (dimensions.size > 0) embedded.addDimensions({});
    for (const by of dimensions) embedded.addDimensions({ [by]: String(line[by]) });
    const document: Record<string, unknown> = { ...embedded.serializeMetrics() };
    // The logger writes it itself, with the same value, and lets nobody else.
    delete document['service'];
    return document;
  }
}

/** A class within a function, because Powertools may print before the constructor of a class of its own has set a field. */
function loggerTo(serviceName: string, writeLine: WriteLine): Logger {
  class WrittenLogger extends Logger {
    protected override printLog(_level: number, item: LogItem): void {
      item.prepareForPrint();
      writeLine(JSON.stringify(item.getAttributes(), this.getJsonReplacer()));
    }
  }
  return new WrittenLogger({ serviceName });
}

function shortened(values: FieldValues): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]));
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}
