/** What every handler does around its work: check the event, name the failure, log it once. */
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { stageSchema } from '../../core/contracts.ts';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { EventLog, serviceVariable } from '../../core/event-log.ts';

const environment = readEnvironment(z.object(serviceVariable), process.env);
const processLog = EventLog.of(environment.POWERTOOLS_SERVICE_NAME);

/** Whose work an event is, as far as it says so: functions are asked by branches, by runs, and by EventBridge. */
const subjectSchema = z.object({
  migration: z.string().optional().catch(undefined),
  database: z.string().optional().catch(undefined),
  attempt: z.number().optional().catch(undefined),
  stage: stageSchema.optional().catch(undefined),
  branch: z.string().optional().catch(undefined),
  runArn: z.string().optional().catch(undefined),
  input: z.object({ migration: z.string() }).optional().catch(undefined),
  pass: z.object({ migration: z.string() }).optional().catch(undefined),
});

/**
 * A Lambda handler. What it throws is always a FerryError: Lambda reports an error's `name` as its errorType, which is
 * the name that the state machine sees.
 * @param work gets a log whose events tell the invocation
 * @param functionLog where its events go: else to the process's own output
 */
export function lambdaHandler<Schema extends z.ZodType, Result>(
  eventSchema: Schema,
  work: (event: z.infer<Schema>, log: EventLog) => Promise<Result>,
  functionLog = processLog,
): (event: unknown, context?: { readonly awsRequestId: string }) => Promise<Result> {
  return async (event, context) => {
    const log: EventLog = functionLog.with({ requestId: context?.awsRequestId });
    try {
      return await work(parseEvent(eventSchema, event), log);
    } catch (error) {
      const failure = namedFailure(error);
      const stack = failure.name === 'InternalError' && error instanceof Error ? error.stack : undefined;
      // HoldForRedrive fails on purpose, and has said so.
      if (failure.name !== 'DatabasesDeadLettered') log.write('FunctionFailed', failure.message, { ...subjectOf(event), error: failure.name, stack });
      throw failure;
    }
  };
}

function subjectOf(event: unknown) {
  const { branch, runArn, input, pass, ...subject } = subjectSchema.safeParse(event).data ?? {};
  return { ...subject, migration: subject.migration ?? (input ?? pass)?.migration, executionArn: branch ?? runArn };
}

function parseEvent<Schema extends z.ZodType>(schema: Schema, event: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
  throw new FerryError('InvalidInput', `The input cannot be used: ${flaws.join('; ')}.`);
}

function namedFailure(error: unknown): FerryError {
  if (error instanceof FerryError || !(error instanceof Error)) return FerryError.from(error);
  if (isRefusal(error)) return new FerryError('AwsRefused', `AWS refused a request: ${error.name}: ${error.message}`, { cause: error });
  if (error instanceof DynamoDBServiceException) return new FerryError('RecordsFailed', `DynamoDB: ${error.name}: ${error.message}`, { cause: error });
  if (error instanceof S3ServiceException) return new FerryError('StorageFailed', `S3: ${error.name}: ${error.message}`, { cause: error });
  if ('$metadata' in error) return new FerryError('AwsUnavailable', `AWS: ${error.name}: ${error.message}`, { cause: error });
  return FerryError.from(error);
}

/**
 * A service's answer that stays the same however often it is asked: a right that is missing, something that is not there, a
 * request that it does not understand. Throttling is the caller's fault too, by AWS's count, and passes.
 */
function isRefusal(error: Error): boolean {
  if (!('$fault' in error) || error.$fault !== 'client' || ('$retryable' in error && error.$retryable !== undefined)) return false;
  return !/throttl|throughput|limitexceeded|slowdown|toomanyrequests|requesttimeout|expired|busy|inprogress/i.test(error.name);
}
