/** The access control of the runtime: who has which credentials, and what is asked where. */
import { AwsError } from './endpoint/aws-error.ts';
import type { Handlers } from './endpoint/handlers.ts';
import { AccessControl } from './iam/access-control.ts';
import { callsOf, type ApiPlace, type ApiRequest } from './iam/api-calls.ts';
import type { RecordedCall } from './iam/call-record.ts';
import type { Session } from './iam/callers.ts';
import type { Credentials, KeyRing } from './iam/key-ring.ts';
import type { Call } from './iam/evaluate.ts';
import type { Statement } from './iam/policy.ts';
import { functionCreationCalls, functionStartCalls, managedRuleCalls, taskStartCalls } from './iam/service-calls.ts';
import type { S3Options } from './s3/create-s3.ts';
import type { LocalFunction, LocalStack, LocalStateMachine, LocalTaskDefinition } from './template/stack-types.ts';

export interface AccessOptions {
  readonly stack: LocalStack;
  readonly accountId: string;
  readonly region: string;
  readonly secretArn: (id: string) => string;
  /** Issues the access keys of roles and people. */
  readonly keys: KeyRing;
  /** Told of the first denial of each kind. */
  readonly log: (message: string) => void;
}

type Variables = Readonly<Record<string, string>>;

/** What roles and operators are allowed, and what they were seen to call. */
export interface AccessReport {
  readonly statements: ReadonlyMap<string, readonly Statement[]>;
  readonly calls: readonly RecordedCall[];
}

export class Access {
  readonly #control: AccessControl;
  readonly #place: ApiPlace;

  /** @throws FerryError UnsupportedDefinition for a policy that cannot be evaluated here */
  constructor({ log, keys, ...place }: AccessOptions) {
    this.#place = place;
    this.#control = new AccessControl({ stack: place.stack, accountId: place.accountId, region: place.region, keys, log });
  }

  get report(): AccessReport {
    return { statements: this.#control.statements, calls: this.#control.calls };
  }

  readonly authorize: NonNullable<Handlers['authorize']> = (accessKeyId, request) => {
    this.#control.authorize(accessKeyId, request.service, callsOf(request, this.#place));
  };

  readonly authorizeS3: NonNullable<S3Options['authorize']> = (accessKeyId, calls) => {
    this.#control.authorize(accessKeyId, 's3', calls);
  };

  /** Of whoever works with the runtime, and of the account's root user, whom no policy limits. */
  get people(): { readonly operator: Credentials; readonly root: Credentials } {
    return this.#control.people;
  }

  /** Credentials of a function's role. Lambda itself needs the role too, before the function is there. @throws FerryError UnsupportedDefinition */
  functionCredentials({ roleArn, name, arn }: LocalFunction): Variables {
    const session = { roleArn, service: 'lambda.amazonaws.com', name };
    return variablesOf(this.#control.assume({ ...session, context: { 'lambda:sourcefunctionarn': arn } }));
  }

  /** Logs only: a function whose role may not write them runs without, on AWS too. */
  onFirstInvocation(definition: LocalFunction): void {
    const session = { roleArn: definition.roleArn, service: 'lambda.amazonaws.com', name: 'awslambda' };
    this.#serviceCalls(session, 'logs', functionStartCalls(definition, this.#place));
  }

  /** @throws AwsError when Lambda would refuse to make the function */
  checkFunction(definition: LocalFunction): void {
    const session = { roleArn: definition.roleArn, service: 'lambda.amazonaws.com', name: 'awslambda' };
    this.#control.authorize(this.#control.assume(session).accessKeyId, 'ec2', functionCreationCalls(definition, this.#place));
  }

  taskCredentials({ taskRoleArn, family }: LocalTaskDefinition): Variables {
    if (taskRoleArn === undefined) return {};
    return variablesOf(this.#control.assume({ roleArn: taskRoleArn, service: 'ecs-tasks.amazonaws.com', name: family }));
  }

  /** @throws AwsError when ECS could not start the task with its execution role */
  prepareTask(definition: LocalTaskDefinition, taskId: string): void {
    const { executionRoleArn, family } = definition;
    if (executionRoleArn === undefined) return;
    const { accessKeyId } = this.#control.assume({ roleArn: executionRoleArn, service: 'ecs-tasks.amazonaws.com', name: `${family}-execution` });
    this.#control.authorize(accessKeyId, 'ecs', taskStartCalls(definition, taskId, this.#place));
  }

  /** @throws AwsError when Step Functions would refuse to make the state machine */
  stateMachineRole({ roleArn, name, definition }: LocalStateMachine): { readonly credentials: Credentials; readonly authorize: (request: ApiRequest) => void } {
    const credentials = this.#control.assume({ roleArn, service: 'states.amazonaws.com', name });
    this.#control.authorize(credentials.accessKeyId, 'states', managedRuleCalls(definition, this.#place));
    return {
      credentials,
      authorize: (request) => {
        this.authorize(credentials.accessKeyId, request);
      },
    };
  }

  #serviceCalls(session: Session, service: string, calls: readonly Call[]): void {
    try {
      this.#control.authorize(this.#control.assume(session).accessKeyId, service, calls);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
}

function variablesOf({ accessKeyId, secretAccessKey }: Credentials): Variables {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}
