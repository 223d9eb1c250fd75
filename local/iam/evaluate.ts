/**
 * Whether policies allow a call: an explicit Deny ends it, else any Allow suffices, else it is denied.
 * Source: IAM User Guide, "Policy evaluation logic" (requests within one account).
 */
import type { RequestContext } from './conditions.ts';
import type { Pattern, Statement } from './policy.ts';

/** One permission that a request needs. */
export interface Call {
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  readonly context: RequestContext;
  /** What it takes of the key, where the resource is encrypted with one of the stack's: `kms:Decrypt`. */
  readonly keyActions?: readonly string[];
}

/** The part of a statement that allowed a call. */
export interface Grant {
  readonly place: string;
  readonly action: string;
  readonly resource: string;
}

export type Decision = { readonly allowed: true; readonly grant: Grant } | { readonly allowed: false; readonly explicit: Statement | undefined };

/** @param statements those that can be about the call's action and caller (`aboutAction`, `aboutPrincipal`) */
export function evaluate(statements: readonly Statement[], call: Call): Decision {
  let grant: Grant | undefined;
  for (const statement of statements) {
    if (statement.allow && grant !== undefined) continue;
    const resource = aboutResource(statement, call.resource);
    if (resource === undefined || !statement.condition(call.context)) continue;
    if (!statement.allow) return { allowed: false, explicit: statement };
    grant = { place: statement.place, action: aboutAction(statement, call.action)?.text ?? call.action, resource: resource.text };
  }
  return grant === undefined ? { allowed: false, explicit: undefined } : { allowed: true, grant };
}

const everythingElse: Pattern = { text: 'all but what is excepted', matches: () => true };

/** The pattern by which a statement is about an action; undefined when it is not. */
export function aboutAction({ actions, exceptActions }: Statement, action: string): Pattern | undefined {
  return about(actions, exceptActions, action);
}

/** An action without resources of its own is allowed by `*` only: so says its row in the Service Authorization Reference. */
function aboutResource({ resources, exceptResources }: Statement, resource: string): Pattern | undefined {
  return about(resources, exceptResources, resource);
}

function about(patterns: readonly Pattern[], except: boolean, text: string): Pattern | undefined {
  const found = patterns.find(({ matches }) => matches(text));
  if (!except) return found;
  return found === undefined ? everythingElse : undefined;
}

/**
 * Whether a statement of a resource's policy is about a caller.
 * @param names the caller's own, as in the element Principal. To allow an account is to leave the decision to the policies of
 *   its identities, so that this alone allows nobody; to deny it is to deny everybody in it.
 */
export function aboutPrincipal({ principals = [], allow }: Statement, names: readonly string[], account: string): boolean {
  const everybody = allow ? [] : [account, `arn:aws:iam::${account}:root`];
  return principals.some((principal) => principal === '*' || names.includes(principal) || everybody.includes(principal));
}
