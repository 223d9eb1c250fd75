/** Who calls: the roles of the stack, its operators, and the account's root user, each with its policies and credentials. */
import { FerryError } from '../../core/errors.ts';
import { AwsError } from '../endpoint/aws-error.ts';
import type { LocalPolicy, LocalRole, LocalStack } from '../template/stack-types.ts';
import type { RequestContext } from './conditions.ts';
import { aboutAction, aboutPrincipal, evaluate } from './evaluate.ts';
import type { Credentials, KeyRing } from './key-ring.ts';
import { managedPolicy } from './managed-policies.ts';
import { compilePolicy, type Statement } from './policy.ts';
import { PolicyFlaw } from './policy-flaw.ts';

/** A role of the stack as one of its users bears it, an operator, or the root user. */
export interface Caller {
  /** The role's logical id, `Operator` or `Root`. */
  readonly role: string;
  /** As in AWS's messages: `arn:aws:sts::…:assumed-role/<role>/<session>`. */
  readonly sessionArn: string;
  /** Names by which policies of resources mean it. */
  readonly names: readonly string[];
  readonly context: RequestContext;
  /** Of its policies; undefined for the root user, who may do everything. */
  readonly statements: readonly Statement[] | undefined;
  /** The operator or the root user. */
  readonly isPerson: boolean;
}

export interface Session {
  readonly roleArn: string;
  /** Of the service that assumes the role: `lambda.amazonaws.com`. */
  readonly service: string;
  readonly name: string;
  /** What AWS knows of the calls in this session beside the usual. */
  readonly context?: RequestContext;
}

export class Callers {
  readonly #account: string;
  readonly #common: RequestContext;
  readonly #roles: ReadonlyMap<string, LocalRole>;
  readonly #statements = new Map<string, readonly Statement[]>();
  readonly #byKey = new Map<string, Caller>();
  readonly #credentials = new Map<string, Credentials>();
  readonly #keys: KeyRing;
  readonly #operator: Caller;
  readonly people: { readonly operator: Credentials; readonly root: Credentials };

  /** @throws FerryError UnsupportedDefinition for a policy that cannot be evaluated here */
  constructor(stack: Pick<LocalStack, 'roles' | 'operatorPolicies'>, place: { readonly accountId: string; readonly region: string; readonly keys: KeyRing }) {
    this.#account = place.accountId;
    this.#keys = place.keys;
    this.#common = {
      'aws:principalaccount': place.accountId,
      'aws:principalisawsservice': 'false',
      'aws:requestedregion': place.region,
      'aws:resourceaccount': place.accountId,
      // Loopback stands for TLS.
      'aws:securetransport': 'true',
      'aws:viaawsservice': 'false',
      's3:resourceaccount': place.accountId,
      's3:tlsversion': '1.3',
    };
    this.#roles = new Map(stack.roles.map((role) => [role.arn, role]));
    for (const role of stack.roles) this.#statements.set(role.arn, readingOf(role.logicalId, () => statementsOf(role)));
    this.#operator = this.#person('Operator', 'user/operator', readingOf('Operator', () => compileAll(stack.operatorPolicies)));
    this.people = { operator: this.#issue('AKIA', this.#operator), root: this.#issue('AKIA', this.#person('Root', 'root', undefined)) };
  }

  /** All that roles and operators are allowed, by role. */
  statements(): ReadonlyMap<string, readonly Statement[]> {
    const roles = Array.from(this.#roles.values(), (role) => [role.logicalId, this.#statements.get(role.arn) ?? []] as const);
    return new Map([...roles, [this.#operator.role, this.#operator.statements ?? []]]);
  }

  /** @throws AwsError for a key that was not issued, with which the endpoint lets nobody in */
  ofAccessKey(accessKeyId: string): Caller {
    const caller = this.#byKey.get(accessKeyId);
    if (caller === undefined) throw new AwsError('UnrecognizedClientException', 'The access key belongs to nobody.', 403);
    return caller;
  }

  /**
   * Credentials whose access key tells role and session.
   * @throws FerryError UnsupportedDefinition when the role is not in the template, or its trust policy does not admit the service
   */
  assume(session: Session): Credentials {
    const { roleArn, service, name, context } = session;
    const known = this.#credentials.get(`${roleArn}/${name}`);
    if (known !== undefined) return known;
    const role = this.#roles.get(roleArn);
    if (role === undefined) throw new FerryError('UnsupportedDefinition', `The role ${roleArn} of ${name} is not in the packaged template.`);
    const sessionArn = `arn:aws:sts::${this.#account}:assumed-role/${role.name}/${name}`;
    this.#checkTrust(role, service, name);
    const credentials = this.#issue('ASIA', {
      role: role.logicalId,
      sessionArn,
      names: [roleArn, sessionArn],
      context: { ...this.#common, 'aws:principalarn': roleArn, ...context },
      statements: this.#statements.get(roleArn) ?? [],
      isPerson: false,
    });
    this.#credentials.set(`${roleArn}/${name}`, credentials);
    return credentials;
  }

  #issue(prefix: 'AKIA' | 'ASIA', caller: Caller): Credentials {
    const credentials = this.#keys.issue(prefix);
    this.#byKey.set(credentials.accessKeyId, caller);
    return credentials;
  }

  #checkTrust(role: LocalRole, service: string, name: string): void {
    const statements = readingOf(role.logicalId, () => compilePolicy(role.trust, 'AssumeRolePolicyDocument', 'resource'));
    const action = 'sts:AssumeRole';
    const about = statements.filter((statement) => aboutPrincipal(statement, [`service:${service}`], this.#account) && aboutAction(statement, action) !== undefined);
    const context = { 'aws:sourceaccount': this.#account, 'aws:sourcearn': this.#sourceArn(service, name) };
    if (evaluate(about, { action, resource: '*', context }).allowed) return;
    throw new FerryError('UnsupportedDefinition', `The packaged template cannot be used: ${role.logicalId} does not let ${service} assume it, for ${name}.`);
  }

  /** What a service says of the resource for which it assumes a role. */
  #sourceArn(service: string, name: string): string {
    const [prefix, resource] = { 'states.amazonaws.com': ['states', 'stateMachine:'], 'ecs-tasks.amazonaws.com': ['ecs', 'task/'] }[service] ?? ['lambda', 'function:'];
    return `arn:aws:${prefix}:${String(this.#common['aws:requestedregion'])}:${this.#account}:${resource}${name}`;
  }

  #person(role: string, resource: string, statements: readonly Statement[] | undefined): Caller {
    const arn = `arn:aws:iam::${this.#account}:${resource}`;
    const context = { ...this.#common, 'aws:principalarn': arn };
    return { role, sessionArn: arn, names: [arn], context, statements, isPerson: true };
  }
}

function statementsOf(role: LocalRole): readonly Statement[] {
  return compileAll([...role.policies, ...role.managedPolicyArns.map(managedPolicy)]);
}

function compileAll(policies: readonly LocalPolicy[]): readonly Statement[] {
  return policies.flatMap(({ name, document }) => compilePolicy(document, name, 'identity'));
}

/** @throws FerryError UnsupportedDefinition that names whose policy it is */
export function readingOf<Result>(owner: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PolicyFlaw)) throw error;
    throw new FerryError('UnsupportedDefinition', `The packaged template cannot be used: ${owner}: ${error.message}.`, { cause: error });
  }
}
