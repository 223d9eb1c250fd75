/** Checks the values of the stack's parameters before anything is packaged, by what resources/parameters.yml says of them. */
import { z } from 'zod';

export const definitionsSchema = z.record(
  z.string(),
  z.object({
    Type: z.string(),
    Description: z.string(),
    AllowedPattern: z.string().optional(),
    AllowedValues: z.array(z.coerce.string()).optional(),
    ConstraintDescription: z.string().optional(),
    MinValue: z.number().optional(),
    MaxValue: z.number().optional(),
    Default: z.coerce.string().optional(),
  }),
);
type Definition = z.infer<typeof definitionsSchema>[string];

export interface ParameterInput {
  readonly definitions: z.infer<typeof definitionsSchema>;
  /** By the name of `--param`: `subnetIds` for the parameter SubnetIds. */
  readonly given: Readonly<Record<string, string>>;
  /** A right value of each parameter that has no default; refused where it is given. */
  readonly examples: Readonly<Record<string, string>>;
  /** Whether an example stands in for a value that is missing: the package is not meant for deployment. */
  readonly examplesStandIn: boolean;
  /** Of the deployment. */
  readonly region: string;
}

/** As CloudFormation takes them, and osls: `provider.stackParameters`. */
export interface StackParameter {
  readonly ParameterKey: string;
  readonly ParameterValue: string;
}

export interface CheckedParameters {
  readonly parameters: readonly StackParameter[];
  /** One for each parameter that is missing or wrong, with its name and what would be right. No value is repeated. */
  readonly flaws: readonly string[];
}

export function checkParameters(input: ParameterInput): CheckedParameters {
  const parameters: StackParameter[] = [];
  const flaws: string[] = [];
  for (const [key, definition] of Object.entries(input.definitions)) {
    const name = optionName(key);
    const value = input.given[name] ?? definition.Default ?? (input.examplesStandIn ? input.examples[name] : undefined);
    const flaw = flawOf(value, definition, input, name);
    if (flaw !== undefined) flaws.push(`${name} ${flaw}.\n    It is: ${definition.Description}${remedy(name, input.examples[name])}`);
    else if (value !== undefined) parameters.push({ ParameterKey: key, ParameterValue: value });
  }
  return { parameters, flaws };
}

/** The name by which `--param` and the blocks of `params` give a value to a parameter of the template. */
export function optionName(parameterKey: string): string {
  return parameterKey.slice(0, 1).toLowerCase() + parameterKey.slice(1);
}

function remedy(name: string, example: string | undefined): string {
  return example === undefined ? '' : `\n    For example: --param ${name}=${example}`;
}

function flawOf(value: string | undefined, definition: Definition, input: ParameterInput, name: string): string | undefined {
  if (value === undefined) return 'is missing';
  if (value === input.examples[name]) return input.examplesStandIn ? undefined : 'is the example of the documents: it must name what is yours';
  const isList = definition.Type === 'CommaDelimitedList' || definition.Type.startsWith('List<');
  const members = isList ? value.split(',').map((member) => member.trim()) : [value];
  const wrong = members.map((member) => flawOfMember(member, definition, input.region)).find((flaw) => flaw !== undefined);
  if (wrong !== undefined) return isList && members.length > 1 ? `has a member that ${wrong}` : wrong;
  return new Set(members).size < members.length ? 'names one of its members twice' : undefined;
}

function flawOfMember(value: string, definition: Definition, region: string): string | undefined {
  const { AllowedValues: allowed, AllowedPattern: pattern, MinValue: least = -Infinity, MaxValue: most = Infinity } = definition;
  if (allowed !== undefined && !allowed.includes(value)) return `must be one of: ${allowed.join(', ')}`;
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return definition.ConstraintDescription ?? `must match ${pattern}`;
  if (definition.Type === 'Number' && !(/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most)) {
    return `must be a whole number from ${least} to ${most}`;
  }
  const kind = resourceIds[definition.Type];
  if (kind !== undefined && !new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(value)) return `must be an id of the form ${kind}-…`;
  // A server may be in another region than the stack.
  const [, arnRegion = region] = /^arn:[^:]+:(?!rds-db:)[^:]+:([^:]+):/.exec(value) ?? [];
  return arnRegion === region ? undefined : `is in the region ${arnRegion}, and the stack in ${region}`;
}

/** Prefixes of the ids that CloudFormation's own types hold. */
const resourceIds: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC::Id': 'vpc',
  'List<AWS::EC2::Subnet::Id>': 'subnet',
};
