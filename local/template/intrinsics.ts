/**
 * Evaluates a CloudFormation template's intrinsic functions, lazily: what nobody reads need not be resolvable here.
 * Source: AWS CloudFormation template reference, "Intrinsic functions" and "Pseudo parameters".
 */
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../stepfunctions/language/json.ts';
import { identityOf, type Identity } from './identifiers.ts';
import type { TemplateOptions } from './stack-types.ts';

const json = z.json() as z.ZodType<Json>;

export const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: json.optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), json))).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Condition: z.string().optional(), Properties: z.record(z.string(), json).default({}) }),
  ),
  Outputs: z.record(z.string(), z.object({ Condition: z.string().optional(), Value: json })).default({}),
});
export type Template = z.infer<typeof templateSchema>;

/** The value of `{ Ref: AWS::NoValue }`: the property or the list's member is left out. */
const noValue = Symbol('AWS::NoValue');
type Resolved = Json | typeof noValue;

/** Where a value stands, for messages: `MigrationTable.TableName`. */
type Where = string;

export class Intrinsics {
  readonly #template: Template;
  readonly #options: TemplateOptions;
  readonly #identities = new Map<string, Identity>();

  constructor(template: Template, options: TemplateOptions) {
    this.#template = template;
    this.#options = options;
  }

  /** Whether a resource or output of this condition exists. */
  exists(condition: string | undefined): boolean {
    return condition === undefined || this.#condition(condition, `condition ${condition}`);
  }

  /** @throws FerryError UnsupportedDefinition naming what cannot be resolved, and where it stands */
  resolve(value: Json, where: Where): Json | undefined {
    const resolved = this.#resolve(value, where);
    return resolved === noValue ? undefined : resolved;
  }

  property(logicalId: string, name: string): Json | undefined {
    const value = this.#template.Resources[logicalId]?.Properties[name];
    return value === undefined ? undefined : this.resolve(value, `${logicalId}.${name}`);
  }

  identity(logicalId: string): Identity {
    const known = this.#identities.get(logicalId);
    if (known !== undefined) return known;
    const resource = this.#template.Resources[logicalId];
    if (resource === undefined) throw unsupported(logicalId, 'the template has no such resource');
    const identity = identityOf(resource.Type, logicalId, this.#options, (name) => this.property(logicalId, name));
    this.#identities.set(logicalId, identity);
    return identity;
  }

  #resolve(value: Json, where: Where): Resolved {
    if (Array.isArray(value)) {
      return value.map((member, index) => this.#resolve(member, `${where}[${index}]`)).filter((member) => member !== noValue);
    }
    if (!isJsonObject(value)) return value;
    const [only] = Object.keys(value);
    if (only !== undefined && Object.keys(value).length === 1 && (only === 'Ref' || only === 'Condition' || only.startsWith('Fn::'))) {
      const argument = value[only] ?? null;
      // `Condition` is an intrinsic inside conditions only; elsewhere it is an ordinary key (of an IAM statement, say).
      if (only !== 'Condition') return this.#call(only, argument, where);
    }
    const resolved: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      const result = this.#resolve(member, `${where}.${key}`);
      if (result !== noValue) resolved[key] = result;
    }
    return resolved;
  }

  #call(name: string, argument: Json, where: Where): Resolved {
    switch (name) {
      case 'Ref':
        return this.#ref(text(argument, where), where);
      case 'Fn::GetAtt':
        return this.#attribute(argument, where);
      case 'Fn::Sub':
        return this.#substitute(argument, where);
      case 'Fn::Join': {
        const [separator, members] = list(argument, where);
        return this.#texts(members ?? null, where).join(text(separator, where));
      }
      case 'Fn::Split': {
        const [separator, source] = list(argument, where);
        return this.#text(source ?? null, where).split(text(separator, where));
      }
      case 'Fn::Select': {
        const [index, members] = list(argument, where);
        const member = list(this.#resolve(members ?? null, where), where)[Number(this.#text(index ?? null, where))];
        if (member === undefined) throw unsupported(where, 'Fn::Select has no such member');
        return member;
      }
      case 'Fn::If': {
        const [condition, whenTrue, whenFalse] = list(argument, where);
        return this.#resolve((this.#condition(text(condition, where), where) ? whenTrue : whenFalse) ?? null, where);
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = this.#texts(argument, where);
        const found = this.#template.Mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
        if (found === undefined) throw unsupported(where, `Fn::FindInMap finds nothing at ${map}.${first}.${second}`);
        return found;
      }
      case 'Fn::Base64':
        return Buffer.from(this.#text(argument, where)).toString('base64');
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.#options.region}${zone}`);
      default:
        throw unsupported(where, `${name} is not implemented`);
    }
  }

  #ref(name: string, where: Where): Resolved {
    const pseudo = this.#pseudoParameter(name);
    if (pseudo !== undefined) return pseudo;
    const parameter = this.#template.Parameters[name];
    if (parameter !== undefined) return this.#parameter(name, parameter, where);
    if (this.#template.Resources[name] === undefined) throw unsupported(where, `Ref names ${name}, which the template does not have`);
    return this.identity(name).ref;
  }

  #parameter(name: string, parameter: Template['Parameters'][string], where: Where): Json {
    const value = this.#options.parameters[name] ?? parameter.Default;
    if (value === undefined) throw unsupported(where, `the parameter ${name} has neither a value nor a default`);
    const isList = parameter.Type === 'CommaDelimitedList' || parameter.Type.startsWith('List<');
    if (!isList || typeof value !== 'string') return value;
    return value === '' ? [] : value.split(',').map((member) => member.trim());
  }

  #pseudoParameter(name: string): Resolved | undefined {
    const { accountId, region, stackName } = this.#options;
    switch (name) {
      case 'AWS::AccountId':
        return accountId;
      case 'AWS::Region':
        return region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
      case 'AWS::NotificationARNs':
        return [];
      case 'AWS::NoValue':
        return noValue;
      default:
        return undefined;
    }
  }

  #attribute(argument: Json, where: Where): Json {
    const dotted = Array.isArray(argument) ? this.#texts(argument, where).join('.') : text(argument, where);
    const dot = dotted.indexOf('.');
    const [logicalId, attribute] = [dotted.slice(0, dot), dotted.slice(dot + 1)];
    if (this.#template.Resources[logicalId] === undefined) throw unsupported(where, `Fn::GetAtt names ${logicalId}, which the template does not have`);
    const value = this.identity(logicalId).attributes[attribute];
    if (value === undefined) throw unsupported(where, `Fn::GetAtt ${dotted} is not known here`);
    return value;
  }

  #substitute(argument: Json, where: Where): string {
    const [template, variables] = Array.isArray(argument) ? argument : [argument];
    const given = isJsonObject(variables) ? variables : {};
    return text(template, where).replaceAll(/\$\{(!?)([^}]*)\}/g, (_match, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      const variable = given[name.trim()];
      if (variable !== undefined) return this.#text(variable, where);
      return this.#text(name.includes('.') ? { 'Fn::GetAtt': name.trim() } : { Ref: name.trim() }, where);
    });
  }

  #condition(name: string, where: Where): boolean {
    const condition = this.#template.Conditions[name];
    if (condition === undefined) throw unsupported(where, `the template has no condition ${name}`);
    return this.#truth(condition, `condition ${name}`);
  }

  #truth(value: Json, where: Where): boolean {
    const [[name, argument] = []] = isJsonObject(value) ? Object.entries(value) : [];
    const operands = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Condition':
        return this.#condition(text(argument, where), where);
      case 'Fn::Equals': {
        const [left, right] = operands.map((operand) => JSON.stringify(this.resolve(operand, where)));
        return left === right;
      }
      case 'Fn::And':
        return operands.every((operand) => this.#truth(operand, where));
      case 'Fn::Or':
        return operands.some((operand) => this.#truth(operand, where));
      case 'Fn::Not':
        return !operands.some((operand) => this.#truth(operand, where));
      default:
        throw unsupported(where, `${JSON.stringify(value)} is no condition`);
    }
  }

  #texts(value: Json, where: Where): string[] {
    const resolved = this.#resolve(value, where);
    if (resolved === noValue) return [];
    return list(resolved, where).map((member) => this.#text(member, where));
  }

  #text(value: Json, where: Where): string {
    const resolved = this.#resolve(value, where);
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    return text(resolved, where);
  }
}

export function unsupported(where: Where, flaw: string): FerryError {
  return new FerryError('UnsupportedDefinition', `The packaged template cannot be used: ${where}: ${flaw}.`);
}

function text(value: Resolved | undefined, where: Where): string {
  if (typeof value !== 'string') throw unsupported(where, `a string is expected, not ${JSON.stringify(value)}`);
  return value;
}

function list(value: Resolved, where: Where): Json[] {
  if (!Array.isArray(value)) throw unsupported(where, `a list is expected, not ${JSON.stringify(value)}`);
  return value;
}
