/**
 * Retries of the platform's own errors: throttling, and services that fail for a while. They last for about half an hour,
 * as holds do by default, because a table or function that is away is no fault of a database. What a task says of itself
 * is decided by ClassifyFailure.
 */
import type { Retrier } from './states.ts';

/** With full jitter the waits are half as long on average: 60 times up to 60 seconds take about 28 minutes. */
const lasting = { IntervalSeconds: 1, MaxAttempts: 60, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' } as const;
const brief = { IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, MaxDelaySeconds: 30, JitterStrategy: 'FULL' } as const;

/** Source: AWS Step Functions Developer Guide, "Handle transient Lambda service exceptions". */
const lambdaErrors = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/** A function that did not answer in time: the first call of a new container may be slow. */
const slowFunction = ['Lambda.Unknown', 'Sandbox.Timedout', 'States.Timeout'];

/** What our functions call services that did not answer them. */
const servicesOfFunctions = ['RecordsFailed', 'StorageFailed', 'AwsUnavailable'];

/** For functions that every branch or run needs, and that nothing else catches. */
export const functionRetry: readonly Retrier[] = [
  { ErrorEquals: [...lambdaErrors, ...servicesOfFunctions], ...lasting },
  { ErrorEquals: slowFunction, ...brief },
];

/** For functions that work with the servers besides, between the branches of passes. */
export const serverFunctionRetry: readonly Retrier[] = [
  { ErrorEquals: [...lambdaErrors, ...servicesOfFunctions, 'SourceUnreachable', 'TargetUnreachable'], ...lasting },
  { ErrorEquals: slowFunction, ...brief },
];

/** For the gate, whose own errors are caught and lead to a hold. */
export const gateRetry: readonly Retrier[] = [
  { ErrorEquals: lambdaErrors, ...lasting },
  { ErrorEquals: slowFunction, ...lasting },
];

export const recordRetry: readonly Retrier[] = [
  {
    ErrorEquals: [
      'DynamoDB.ProvisionedThroughputExceededException',
      'DynamoDB.ThrottlingException',
      'DynamoDB.RequestLimitExceededException',
      'DynamoDB.InternalServerErrorException',
      'DynamoDB.SdkClientException',
      'States.Timeout',
    ],
    ...lasting,
  },
];

/** A launch that is refused again is told from one that never can succeed by ClassifyFailure, which reads the cause. */
export const launchRetry: readonly Retrier[] = [
  {
    ErrorEquals: ['ECS.AmazonECSException', 'ECS.ServerException', 'ECS.ThrottlingException', 'ECS.SdkClientException', 'AmazonECS.Unknown'],
    ...brief,
    MaxAttempts: 2,
  },
];

export const storageRetry: readonly Retrier[] = [{ ErrorEquals: ['S3.S3Exception', 'S3.SdkClientException', 'States.Timeout'], ...brief }];
export const queueRetry: readonly Retrier[] = [{ ErrorEquals: ['SQS.AmazonSQSException', 'SQS.SdkClientException'], ...brief }];
export const topicRetry: readonly Retrier[] = [{ ErrorEquals: ['SNS.AmazonSNSException', 'SNS.SdkClientException'], ...brief }];
