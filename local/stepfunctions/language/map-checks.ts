/** The fields of a Map state that no other state has. */
import {
  anything,
  atMostOneOf,
  integer,
  listOf,
  number,
  objectOf,
  objectTemplate,
  oneOf,
  path,
  referencePath,
  requireFields,
  template,
  text,
  type FieldCheck,
  type FieldChecks,
} from './field-checks.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { Place } from './place.ts';

const label: FieldCheck = (value, place) => {
  // eslint-disable-next-line no-control-regex -- control characters are among what AWS refuses
  if (typeof value === 'string' && value !== '' && value.length <= 40 && !/[\s?*<>{}[\]:;,\\|^~$#%&`"\u0000-\u001f\u007f-\u009f]/.test(value)) return;
  place.refuse('must be 1 to 40 characters without spaces, wildcards, brackets and other special characters');
};

const readerConfig: FieldCheck = objectOf(
  {
    InputType: oneOf('JSON', 'JSONL', 'CSV'),
    CSVHeaderLocation: oneOf('FIRST_ROW', 'GIVEN'),
    CSVHeaders: listOf(text),
    CSVDelimiter: oneOf('COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'),
    MaxItems: integer(0, 100_000_000),
    MaxItemsPath: referencePath,
  },
  (config, place) => {
    atMostOneOf(config, ['MaxItems', 'MaxItemsPath'], place);
    if (config['InputType'] === 'CSV') requireFields(config, ['CSVHeaderLocation'], place);
    if (config['CSVHeaderLocation'] === 'GIVEN') requireFields(config, ['CSVHeaders'], place);
  },
);

const itemReader: FieldCheck = objectOf(
  {
    Resource: oneOf('arn:aws:states:::s3:getObject', 'arn:aws:states:::s3:listObjectsV2'),
    Parameters: objectTemplate,
    ReaderConfig: readerConfig,
  },
  (reader, place) => {
    requireFields(reader, ['Resource'], place);
    const config = reader['ReaderConfig'];
    if (reader['Resource'] !== 'arn:aws:states:::s3:getObject' || (isJsonObject(config) && Object.hasOwn(config, 'InputType'))) return;
    place.field('ReaderConfig.InputType').refuse('is missing');
  },
);

const itemBatcher: FieldCheck = objectOf(
  {
    BatchInput: objectTemplate,
    MaxItemsPerBatch: integer(1, 100_000_000),
    MaxItemsPerBatchPath: referencePath,
    MaxInputBytesPerBatch: integer(1, 262_144),
    MaxInputBytesPerBatchPath: referencePath,
  },
  (batcher, place) => {
    const limits = ['MaxItemsPerBatch', 'MaxItemsPerBatchPath', 'MaxInputBytesPerBatch', 'MaxInputBytesPerBatchPath'];
    if (!limits.some((name) => Object.hasOwn(batcher, name))) place.refuse(`needs one of ${limits.join(', ')}`);
    atMostOneOf(batcher, limits.slice(0, 2), place);
    atMostOneOf(batcher, limits.slice(2), place);
  },
);

const resultWriter: FieldCheck = objectOf(
  {
    Resource: oneOf('arn:aws:states:::s3:putObject'),
    Parameters: objectTemplate,
    WriterConfig: objectOf({ Transformation: oneOf('NONE', 'COMPACT', 'FLATTEN'), OutputType: oneOf('JSON', 'JSONL') }),
  },
  (writer, place) => {
    if (Object.hasOwn(writer, 'Resource') || Object.hasOwn(writer, 'Parameters')) requireFields(writer, ['Resource', 'Parameters'], place);
    else requireFields(writer, ['WriterConfig'], place);
  },
);

/** Only a distributed Map takes these. */
const distributedFields: FieldChecks = {
  ItemReader: itemReader,
  ItemBatcher: itemBatcher,
  ResultWriter: resultWriter,
  Label: label,
  ToleratedFailureCount: integer(0, 100_000_000),
  ToleratedFailureCountPath: referencePath,
  ToleratedFailurePercentage: number(0, 100),
  ToleratedFailurePercentagePath: referencePath,
};

export const mapFields: FieldChecks = {
  // The graph within is checked by definition-checks.ts, which knows the names of all states.
  ItemProcessor: anything,
  Iterator: anything,
  ItemsPath: path,
  ItemSelector: template,
  MaxConcurrency: integer(0, 100_000_000),
  MaxConcurrencyPath: referencePath,
  ...distributedFields,
};

export function checkMap(map: JsonObject, place: Place): void {
  atMostOneOf(map, ['ItemSelector', 'Parameters'], place);
  for (const field of ['MaxConcurrency', 'ToleratedFailureCount', 'ToleratedFailurePercentage']) {
    atMostOneOf(map, [field, `${field}Path`], place);
  }
  const processor = map['ItemProcessor'] ?? map['Iterator'];
  if (isJsonObject(processor) && isDistributed(processor)) return;
  for (const field of Object.keys(map)) {
    if (Object.hasOwn(distributedFields, field)) place.field(field).refuse('needs ProcessorConfig.Mode DISTRIBUTED');
  }
}

export const processorConfig: FieldCheck = objectOf(
  { Mode: oneOf('INLINE', 'DISTRIBUTED'), ExecutionType: oneOf('STANDARD', 'EXPRESS') },
  (config, place) => {
    if (config['Mode'] === 'DISTRIBUTED') requireFields(config, ['ExecutionType'], place);
    else if (Object.hasOwn(config, 'ExecutionType')) place.field('ExecutionType').refuse('needs Mode DISTRIBUTED');
  },
);

function isDistributed(processor: JsonObject): boolean {
  const config = processor['ProcessorConfig'];
  return isJsonObject(config) && config['Mode'] === 'DISTRIBUTED';
}
