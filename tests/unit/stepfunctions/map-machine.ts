/** State machines with one Distributed Map, and what their Tasks do. */
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { JsonObject } from '../../../local/stepfunctions/language/json.ts';
import { task, type Work } from './harness.ts';

export function mapDefinition(fields: JsonObject = {}, states?: JsonObject): JsonObject {
  return {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Label: 'Branch',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Work',
          States: states ?? { Work: { Type: 'Task', Resource: task, End: true } },
        },
        End: true,
        ...fields,
      },
    },
  };
}

export const reader = (key: string, config: JsonObject = {}): JsonObject => ({
  ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Parameters: { Bucket: 'bucket', Key: key }, ...(Object.keys(config).length === 0 ? {} : { ReaderConfig: config }) },
});

export const writer: JsonObject = { ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'bucket', Prefix: 'results' } } };

/** Fails for the numbers in `broken`. */
export function failing(broken: Set<number>, calls: number[] = []): Work {
  return (parameters) => {
    const number = parameters as number;
    calls.push(number);
    if (broken.has(number)) throw new StatesError('Broken', `number ${number}`);
    return parameters;
  };
}
