/** The roles with which the state machines of the stack call AWS. */
import { FerryError } from '../core/errors.ts';
import type { Access } from './access.ts';
import { AwsError } from './endpoint/aws-error.ts';
import type { JsonHandler } from './endpoint/handlers.ts';
import { createEngineRole, type EngineRole } from './task-integrations.ts';
import type { LocalStack } from './template/stack-types.ts';

export interface EngineRolesOptions {
  readonly stack: LocalStack;
  readonly access: Access;
  readonly endpoint: string;
  readonly region: string;
  readonly dynamodbHandler: JsonHandler;
}

/** One for each role that a state machine has. @throws FerryError UnsupportedDefinition */
export function engineRoles({ stack, access, endpoint, region, dynamodbHandler }: EngineRolesOptions): Map<string, EngineRole> {
  const roles = stack.stateMachines.map((machine) => {
    const role = refusable(machine.logicalId, () => access.stateMachineRole(machine));
    return [machine.roleArn, createEngineRole({ endpoint, region, dynamodbHandler, ...role })] as const;
  });
  return new Map(roles);
}

export function roleOf(roles: ReadonlyMap<string, EngineRole>, arn: string): EngineRole {
  const role = roles.get(arn);
  if (role === undefined) throw new Error(`No state machine has the role ${arn}.`);
  return role;
}

/** A deployment would fail where a service may not do with the role what it does when it makes the resource. */
export function refusable<Result>(logicalId: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new FerryError('UnsupportedDefinition', `The packaged template cannot be used: ${logicalId}: ${error.message}.`, { cause: error });
  }
}
