/** A policy document, read once and made ready to be asked. Source: IAM User Guide, "IAM JSON policy elements reference". */
import { isJsonObject, type Json, type JsonObject } from '../stepfunctions/language/json.ts';
import { compileCondition, textsOf, type Condition } from './conditions.ts';
import { actionMatcher, resourceMatcher, type Matcher } from './patterns.ts';
import { PolicyFlaw } from './policy-flaw.ts';

export interface Pattern {
  readonly text: string;
  readonly matches: Matcher;
}

export interface Statement {
  /** Policy and statement, for people: `dump, statement 2` or `migrate-databases, RunTasks`. */
  readonly place: string;
  readonly allow: boolean;
  readonly actions: readonly Pattern[];
  readonly resources: readonly Pattern[];
  /** `NotAction`, `NotResource`: the statement is about all but what matches. */
  readonly exceptActions: boolean;
  readonly exceptResources: boolean;
  readonly condition: Condition;
  /** Only in policies of resources: `service:lambda.amazonaws.com`, `arn:aws:iam::…:root`, `*`. */
  readonly principals: readonly string[] | undefined;
}

const common = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

/**
 * @param kind a policy of an identity names no principal; one of a resource does
 * @throws PolicyFlaw naming the statement
 */
export function compilePolicy(document: Json | undefined, name: string, kind: 'identity' | 'resource'): readonly Statement[] {
  if (document === undefined || !isJsonObject(document)) throw new PolicyFlaw(`${name}: the policy document must be an object`);
  const strange = Object.keys(document).filter((element) => !['Version', 'Id', 'Statement'].includes(element));
  if (strange.length > 0) throw new PolicyFlaw(`${name}: the element ${strange.join(', ')} is not known to the local runtime`);
  // The older one, which is the default, differs in policy variables alone, and those are refused.
  const { Version: version = '2008-10-17' } = document;
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyFlaw(`${name}: Version must be 2012-10-17`);
  const statements = Array.isArray(document['Statement']) ? document['Statement'] : [document['Statement'] ?? null];
  return statements.map((statement, index) => {
    const label = isJsonObject(statement) && typeof statement['Sid'] === 'string' ? statement['Sid'] : `statement ${index + 1}`;
    try {
      return compileStatement(statement, `${name}, ${label}`, kind);
    } catch (error) {
      if (error instanceof PolicyFlaw) throw new PolicyFlaw(`${name}, ${label}: ${error.message}`, { cause: error });
      throw error;
    }
  });
}

function compileStatement(statement: Json, place: string, kind: 'identity' | 'resource'): Statement {
  if (!isJsonObject(statement)) throw new PolicyFlaw('it must be an object');
  const known = kind === 'resource' ? [...common, 'Principal'] : common;
  const strange = Object.keys(statement).filter((element) => !known.includes(element));
  if (strange.length > 0) throw new PolicyFlaw(`the element ${strange.join(', ')} is not known to the local runtime here`);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyFlaw('Effect must be Allow or Deny');
  const actions = either(statement, 'Action', 'NotAction');
  // A role's trust policy is about the role itself and names no resource.
  const trust = kind === 'resource' && statement['Resource'] === undefined && statement['NotResource'] === undefined;
  const resources = trust ? { except: false, texts: ['*'] } : either(statement, 'Resource', 'NotResource');
  for (const text of actions.texts) if (text !== '*' && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(text)) throw new PolicyFlaw(`${text} is no action`);
  for (const text of resources.texts) if (text !== '*' && !/^arn:[^:]*:[^:*?]+:[^:]*:[^:]*:.+$/.test(text)) throw new PolicyFlaw(`${text} is no ARN`);
  return {
    place,
    allow: effect === 'Allow',
    actions: actions.texts.map((text) => ({ text, matches: actionMatcher(text) })),
    exceptActions: actions.except,
    resources: resources.texts.map((text) => ({ text, matches: resourceMatcher(text) })),
    exceptResources: resources.except,
    condition: compileCondition(statement['Condition']),
    principals: kind === 'resource' ? principalsOf(statement['Principal']) : undefined,
  };
}

function either(statement: JsonObject, element: string, except: string): { readonly except: boolean; readonly texts: readonly string[] } {
  const [wanted, unwanted] = [statement[element], statement[except]];
  if ((wanted === undefined) === (unwanted === undefined)) throw new PolicyFlaw(`it must have one of ${element} and ${except}`);
  return wanted === undefined ? { except: true, texts: textsOf(unwanted, except) } : { except: false, texts: textsOf(wanted, element) };
}

function principalsOf(principal: Json | undefined): readonly string[] {
  if (principal === '*') return ['*'];
  if (principal === undefined || !isJsonObject(principal)) throw new PolicyFlaw('Principal must be * or an object');
  return Object.entries(principal).flatMap(([type, values]) => {
    if (type !== 'AWS' && type !== 'Service') throw new PolicyFlaw(`a principal of the type ${type} is not known to the local runtime`);
    const texts = textsOf(values, `Principal.${type}`);
    return type === 'Service' ? texts.map((text) => `service:${text}`) : texts;
  });
}
