/** What every handler does around its work: check the event, name the failure, log it once. */
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { S3ServiceException } from '@aws-sdk/client-s3';
import type { z } from 'zod';
import { FerryError } from '../../core/errors.ts';

/**
 * A Lambda handler. What it throws is always a FerryError: Lambda reports an error's `name` as its errorType, which is
 * the name that the state machine sees.
 */
export function lambdaHandler<Schema extends z.ZodType, Result>(
  eventSchema: Schema,
  work: (event: z.infer<Schema>) => Promise<Result>,
): (event: unknown) => Promise<Result> {
  return async (event) => {
    try {
      return await work(parseEvent(eventSchema, event));
    } catch (error) {
      const failure = namedFailure(error);
      const unexpected = failure.name === 'InternalError' ? { stack: error instanceof Error ? error.stack : undefined } : {};
      console.error(JSON.stringify({ error: failure.name, message: failure.message, ...unexpected }));
      throw failure;
    }
  };
}

function parseEvent<Schema extends z.ZodType>(schema: Schema, event: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
  throw new FerryError('InvalidInput', `The input cannot be used: ${flaws.join('; ')}.`);
}

function namedFailure(error: unknown): FerryError {
  if (error instanceof FerryError || !(error instanceof Error)) return FerryError.from(error);
  if (error instanceof DynamoDBServiceException) return new FerryError('RecordsFailed', `DynamoDB: ${error.name}: ${error.message}`, { cause: error });
  if (error instanceof S3ServiceException) return new FerryError('StorageFailed', `S3: ${error.name}: ${error.message}`, { cause: error });
  if ('$metadata' in error) return new FerryError('AwsUnavailable', `AWS: ${error.name}: ${error.message}`, { cause: error });
  return FerryError.from(error);
}
