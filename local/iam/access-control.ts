/**
 * Allows or denies every call of AWS's APIs that reaches the local runtime, as the policies of the packaged template say,
 * and records which role called what.
 */
import { AwsError } from '../endpoint/aws-error.ts';
import type { LocalStack } from '../template/stack-types.ts';
import { CallRecord, type RecordedCall } from './call-record.ts';
import { Callers, readingOf, type Caller, type Session } from './callers.ts';
import { aboutAction, aboutPrincipal, evaluate, type Call, type Decision } from './evaluate.ts';
import type { Credentials, KeyRing } from './key-ring.ts';
import { compilePolicy, type Statement } from './policy.ts';

export interface AccessControlOptions {
  readonly stack: Pick<LocalStack, 'roles' | 'operatorPolicies' | 'resourcePolicies' | 'encryptionKeys'>;
  readonly accountId: string;
  readonly region: string;
  readonly keys: KeyRing;
  /** Told of the first denial of each kind. */
  readonly log: (message: string) => void;
}

export class AccessControl {
  readonly #callers: Callers;
  readonly #record = new CallRecord();
  readonly #log: (message: string) => void;
  readonly #account: string;
  /** By the ARN of the resource that has the policy. */
  readonly #resourcePolicies: ReadonlyMap<string, readonly Statement[]>;
  /** Of what is encrypted with a key of the stack. */
  readonly #keys: ReadonlyMap<string, string>;
  readonly #region: string;
  readonly #applicable = new WeakMap<Caller, Map<string, readonly Statement[]>>();

  /** @throws FerryError UnsupportedDefinition for a policy that cannot be evaluated here */
  constructor({ stack, log, ...place }: AccessControlOptions) {
    this.#callers = new Callers(stack, place);
    this.#log = log;
    this.#account = place.accountId;
    this.#resourcePolicies = new Map(
      stack.resourcePolicies.map(({ arn, policy }) => [arn, readingOf(policy.name, () => compilePolicy(policy.document, policy.name, 'resource'))]),
    );
    this.#keys = stack.encryptionKeys;
    this.#region = place.region;
  }

  /** All that roles and operators are allowed, by role. */
  get statements(): ReadonlyMap<string, readonly Statement[]> {
    return this.#callers.statements();
  }

  get people(): Callers['people'] {
    return this.#callers.people;
  }

  get calls(): readonly RecordedCall[] {
    return this.#record.calls;
  }

  /** @throws FerryError UnsupportedDefinition */
  assume(session: Session): Credentials {
    return this.#callers.assume(session);
  }

  /**
   * @param service whose API was called, and whose words a denial has: `ecs`, although it is `iam:PassRole` that is missing
   * @throws AwsError as the service answers a call that is not allowed
   */
  authorize(accessKeyId: string, service: string, calls: readonly Call[]): void {
    const caller = this.#callers.ofAccessKey(accessKeyId);
    for (const call of calls.flatMap((each) => [each, ...this.#keyCalls(service, each)])) {
      const decision = this.#decide(caller, call);
      const isFirst = this.#record.add(caller.role, call, decision);
      if (decision.allowed) continue;
      const denial = denialOf(service, caller, call, decision.explicit);
      if (isFirst) this.#log(`Denied: ${denial.message}`);
      throw denial;
    }
  }

  /** A service uses the key of what it stores with the permissions of whoever calls it. */
  #keyCalls(service: string, { resource, keyActions = [] }: Call): Call[] {
    const key = keyActions.length === 0 ? undefined : this.#keys.get(ownerOf(resource));
    if (key === undefined) return [];
    const context = { 'kms:viaservice': `${service}.${this.#region}.amazonaws.com`, 'kms:calleraccount': this.#account, 'kms:grantisforawsresource': 'false' };
    return keyActions.map((action) => ({ action, resource: key, context }));
  }

  #decide(caller: Caller, call: Call): Decision {
    if (caller.isPerson && secretValues.includes(call.action)) return { allowed: false, explicit: undefined };
    if (caller.statements === undefined) return { allowed: true, grant: { place: 'root user', action: '*', resource: '*' } };
    const statements = this.#applicableTo(caller, call, caller.statements);
    return evaluate(statements, { ...call, context: { ...caller.context, ...call.context } });
  }

  /** Statements about the caller and the action, found once: what is left to compare for each call is its resource. */
  #applicableTo(caller: Caller, { action, resource }: Call, own: readonly Statement[]): readonly Statement[] {
    const policy = this.#resourcePolicies.get(ownerOf(resource)) ?? noStatements;
    const key = `${action} ${policy === noStatements ? '' : ownerOf(resource)}`;
    const known = this.#applicable.get(caller) ?? new Map<string, readonly Statement[]>();
    this.#applicable.set(caller, known);
    let statements = known.get(key);
    if (statements === undefined) {
      const ofResource = policy.filter((statement) => aboutPrincipal(statement, caller.names, this.#account));
      const ofCaller = action.startsWith('kms:') && !leavesToAccount(policy, action, this.#account) ? own.filter(({ allow }) => !allow) : own;
      statements = [...ofCaller, ...ofResource].filter((statement) => aboutAction(statement, action) !== undefined);
      known.set(key, statements);
    }
    return statements;
  }
}

const noStatements: readonly Statement[] = [];

/** The passwords of both servers, which this runtime hands to its functions and tasks and to nobody else, root or not. */
const secretValues = ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'];

/** What has the policy and the key: the bucket of an object, the table of an index; else the resource itself. */
function ownerOf(resource: string): string {
  if (!resource.startsWith('arn:aws:s3:::')) return resource.replace(/\/index\/.*$/, '');
  const slash = resource.indexOf('/');
  return slash === -1 ? resource : resource.slice(0, slash);
}

/** Policies of identities say something about a key only where its own policy says that they may: AWS KMS Developer Guide, "Key policies". */
function leavesToAccount(keyPolicy: readonly Statement[], action: string, account: string): boolean {
  return keyPolicy.some((statement) => {
    const accounts = [account, `arn:aws:iam::${account}:root`];
    return statement.allow && statement.principals?.some((principal) => accounts.includes(principal)) === true && aboutAction(statement, action) !== undefined;
  });
}

/** Source: IAM User Guide, "Troubleshoot access denied error messages"; codes and statuses as the services answer. */
function denialOf(service: string, { sessionArn }: Caller, { action, resource }: Call, explicit: Statement | undefined): AwsError {
  const shown = service === 'sns' ? action.replace(/^sns:/, 'SNS:') : service === 'sqs' ? action.toLowerCase() : action;
  const kind = explicit?.principals === undefined ? 'an identity-based policy' : 'a resource-based policy';
  const reason = explicit === undefined ? `because no identity-based policy allows the ${shown} action` : `with an explicit deny in ${kind}`;
  const target = service === 's3' ? JSON.stringify(resource) : resource;
  const message = `User: ${sessionArn} is not authorized to perform: ${shown} on resource: ${target} ${reason}`;
  const { code, status } = denials[service] ?? { code: 'AccessDeniedException', status: 400 };
  return new AwsError(code, message, status);
}

const denials: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  s3: { code: 'AccessDenied', status: 403 },
  sqs: { code: 'AccessDenied', status: 403 },
  sns: { code: 'AuthorizationError', status: 403 },
  lambda: { code: 'AccessDeniedException', status: 403 },
};
