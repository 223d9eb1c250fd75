/** What the local runtime needs of a deployed stack, with every intrinsic function resolved. */
import type { Json, JsonObject } from '../stepfunctions/language/json.ts';

export interface LocalFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** `file.export`, as in CloudFormation: `functions/select-databases/handler.handler`. */
  readonly handler: string;
  /** The zip's file name in the package folder. */
  readonly artifact: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly roleArn: string;
  readonly logGroup: string;
  /** Whether it has network interfaces in a VPC. */
  readonly inVpc: boolean;
}

export interface LocalPolicy {
  readonly name: string;
  /** As in the template, intrinsic functions resolved. */
  readonly document: Json;
}

export interface LocalRole {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Who may assume it: its AssumeRolePolicyDocument. */
  readonly trust: Json;
  readonly policies: readonly LocalPolicy[];
  /** Managed policies that the template does not declare: AWS's own. */
  readonly managedPolicyArns: readonly string[];
}

export interface LocalStateMachine {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Amazon States Language with DefinitionSubstitutions applied. */
  readonly definition: string;
}

/** A resource that a service creates from its CloudFormation properties. */
export interface LocalResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** As in CloudFormation, intrinsic functions resolved. */
  readonly properties: JsonObject;
}

export interface LocalContainer {
  /** Also the folder of its program: `containers/<name>`. */
  readonly name: string;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variable -> ARN of the secret (or of a key in it: `<arn>:<json-key>:<stage>:<version>`). */
  readonly secrets: Readonly<Record<string, string>>;
  readonly stopTimeoutSeconds: number;
  /** Where the `awslogs` driver writes. */
  readonly log: { readonly group: string; readonly streamPrefix: string } | undefined;
}

export interface LocalTaskDefinition {
  readonly logicalId: string;
  readonly family: string;
  readonly arn: string;
  /** CPU units, as ECS spells them: `1024` is one vCPU. */
  readonly cpu: string;
  /** Mebibytes, as ECS spells them. */
  readonly memory: string;
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly ephemeralStorageGigabytes: number;
  readonly containers: readonly LocalContainer[];
}

export interface LocalRuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly inputPath: string | undefined;
  readonly input: string | undefined;
  readonly inputTransformer: { readonly paths: Readonly<Record<string, string>>; readonly template: string } | undefined;
}

export interface LocalRule {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly enabled: boolean;
  /** Absent for a rule on a schedule. */
  readonly pattern: JsonObject | undefined;
  readonly schedule: string | undefined;
  readonly targets: readonly LocalRuleTarget[];
}

export interface LocalStack {
  readonly functions: readonly LocalFunction[];
  readonly stateMachines: readonly LocalStateMachine[];
  readonly tables: readonly LocalResource[];
  readonly buckets: readonly LocalResource[];
  readonly queues: readonly LocalResource[];
  readonly topics: readonly LocalResource[];
  readonly clusters: readonly LocalResource[];
  readonly secrets: readonly LocalResource[];
  readonly taskDefinitions: readonly LocalTaskDefinition[];
  readonly rules: readonly LocalRule[];
  /** Those of functions, tasks and state machines. */
  readonly roles: readonly LocalRole[];
  /** Managed policies that the template attaches to no role: for people. */
  readonly operatorPolicies: readonly LocalPolicy[];
  /** Policies of buckets, queues, topics and keys. */
  readonly resourcePolicies: readonly { readonly arn: string; readonly policy: LocalPolicy }[];
  /** ARN of a bucket, table, queue or topic -> ARN of the key that encrypts it. */
  readonly encryptionKeys: ReadonlyMap<string, string>;
  readonly outputs: Readonly<Record<string, Json>>;
}

export interface TemplateOptions {
  /** Values of the template's parameters; a parameter without one takes its default. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  /** Of the local runtime, `http://127.0.0.1:<port>`: queue URLs start with it. */
  readonly endpoint: string;
}
