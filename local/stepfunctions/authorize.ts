import { AwsError } from '../endpoint/aws-error.ts';
import { StatesError } from './language/errors.ts';
import type { JsonObject } from './language/json.ts';

/**
 * What a Map Run calls of Step Functions itself, with the role of the state machine.
 * Source: Developer Guide, iam-policies-eg-dist-map, redrive-map-run.
 * @throws AwsError AccessDeniedException
 */
export type StatesAuthorizer = (roleArn: string, operation: 'StartExecution' | 'DescribeExecution' | 'StopExecution' | 'RedriveExecution', input: JsonObject) => void;

/** @throws StatesError States.Permissions, which fails the Map Run */
export function requirePermission(authorize: StatesAuthorizer, ...call: Parameters<StatesAuthorizer>): void {
  try {
    authorize(...call);
  } catch (error) {
    if (error instanceof AwsError) throw new StatesError('States.Permissions', error.message);
    throw error;
  }
}
