/** The roles of a stack with their policies, the policies for its operators, those of its resources, and their keys. */
import { z } from 'zod';
import type { Json } from '../stepfunctions/language/json.ts';
import { unsupported, type Intrinsics, type Template } from './intrinsics.ts';
import type { LocalPolicy, LocalRole, LocalStack } from './stack-types.ts';

interface Reader {
  readonly template: Template;
  readonly intrinsics: Intrinsics;
}

const json = z.json() as z.ZodType<Json>;
const names = z.array(z.string()).default([]);
const inlinePolicy = z.object({ PolicyName: z.string(), PolicyDocument: json });

/**
 * @param used ARNs: a role that nothing here assumes (of a database, say) may name what has no counterpart on one machine
 * @throws FerryError UnsupportedDefinition
 */
export function rolesOf(reader: Reader, used: ReadonlySet<string>): LocalRole[] {
  const logicalIds = idsOf(reader, 'AWS::IAM::Role').filter((logicalId) => used.has(reader.intrinsics.identity(logicalId).arn));
  const attached = attachedPolicies(reader);
  return logicalIds.map((logicalId) => {
    const { name, arn } = reader.intrinsics.identity(logicalId);
    const property = (property: string): Json | undefined => reader.intrinsics.property(logicalId, property);
    if (property('PermissionsBoundary') !== undefined) throw unsupported(logicalId, 'PermissionsBoundary is not implemented');
    const inline = read(z.array(inlinePolicy).default([]), property('Policies'), `${logicalId}.Policies`);
    const managed = read(names, property('ManagedPolicyArns'), `${logicalId}.ManagedPolicyArns`);
    const own = [...attached, ...managedPolicies(reader)].filter((policy) => managed.includes(policy.arn) || policy.roles.includes(name));
    return {
      logicalId,
      name,
      arn,
      trust: property('AssumeRolePolicyDocument') ?? null,
      policies: [...inline.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, document: PolicyDocument })), ...own],
      // What the template does not declare is one of AWS's own.
      managedPolicyArns: managed.filter((each) => !own.some((policy) => policy.arn === each)),
    };
  });
}

/** The managed policies that the template attaches to nobody: they are there for people. */
export function operatorPoliciesOf(reader: Reader): LocalPolicy[] {
  const attached = new Set(idsOf(reader, 'AWS::IAM::Role').flatMap((logicalId) => managedArnsOf(reader, logicalId)));
  return managedPolicies(reader).filter(({ arn, roles }) => roles.length === 0 && !attached.has(arn));
}

/** Policies of buckets, queues, topics and keys, by what they are for. */
export function resourcePoliciesOf(reader: Reader): LocalStack['resourcePolicies'] {
  return Object.entries(policyResources).flatMap(([type, { owners, document }]) =>
    idsOf(reader, type).flatMap((logicalId) => {
      const policy = { name: logicalId, document: reader.intrinsics.property(logicalId, document) ?? null };
      return owners(reader, logicalId).map((arn) => ({ arn, policy }));
    }),
  );
}

interface PolicyResource {
  /** ARNs of what it is the policy of. */
  readonly owners: (reader: Reader, logicalId: string) => readonly string[];
  readonly document: string;
}

const policyResources: Readonly<Record<string, PolicyResource>> = {
  'AWS::S3::BucketPolicy': { owners: (reader, logicalId) => referredTo(reader, 'AWS::S3::Bucket', [reader.intrinsics.property(logicalId, 'Bucket')]), document: 'PolicyDocument' },
  'AWS::SQS::QueuePolicy': { owners: (reader, logicalId) => referredTo(reader, 'AWS::SQS::Queue', reader.intrinsics.property(logicalId, 'Queues')), document: 'PolicyDocument' },
  'AWS::SNS::TopicPolicy': { owners: (reader, logicalId) => referredTo(reader, 'AWS::SNS::Topic', reader.intrinsics.property(logicalId, 'Topics')), document: 'PolicyDocument' },
  'AWS::KMS::Key': { owners: ({ intrinsics }, logicalId) => [intrinsics.identity(logicalId).arn], document: 'KeyPolicy' },
};

/** The ARNs of those resources of a type whose Ref is among the values. */
function referredTo(reader: Reader, type: string, values: unknown): string[] {
  const references = Array.isArray(values) ? values : [];
  return idsOf(reader, type)
    .map((logicalId) => reader.intrinsics.identity(logicalId))
    .filter(({ ref }) => references.includes(ref))
    .map(({ arn }) => arn);
}

const keySchema = z.string().regex(/^arn:/).optional().catch(undefined);
const bucketEncryption = z
  .object({ ServerSideEncryptionConfiguration: z.array(z.object({ ServerSideEncryptionByDefault: z.object({ KMSMasterKeyID: keySchema }) })) })
  .optional();
const tableEncryption = z.object({ KMSMasterKeyId: keySchema }).optional();

/** Only keys that are named by their ARN: one of AWS's own needs no permission of anybody. */
export function encryptionKeysOf(stack: Pick<LocalStack, 'buckets' | 'tables' | 'queues' | 'topics'>): ReadonlyMap<string, string> {
  const keys = [
    ...stack.buckets.map(({ arn, properties }) => {
      const { ServerSideEncryptionConfiguration: [rule] = [] } = bucketEncryption.parse(properties['BucketEncryption']) ?? {};
      return [arn, rule?.ServerSideEncryptionByDefault.KMSMasterKeyID] as const;
    }),
    ...stack.tables.map(({ arn, properties }) => [arn, tableEncryption.parse(properties['SSESpecification'])?.KMSMasterKeyId] as const),
    ...[...stack.queues, ...stack.topics].map(({ arn, properties }) => [arn, keySchema.parse(properties['KmsMasterKeyId'])] as const),
  ];
  return new Map(keys.flatMap(([arn, key]) => (key === undefined ? [] : [[arn, key] as const])));
}

interface AttachablePolicy extends LocalPolicy {
  readonly arn: string;
  readonly roles: readonly string[];
}

function managedPolicies(reader: Reader): AttachablePolicy[] {
  return idsOf(reader, 'AWS::IAM::ManagedPolicy').map((logicalId) => attachable(reader, logicalId));
}

/** Policies that are resources of their own, but belong to roles. */
function attachedPolicies(reader: Reader): AttachablePolicy[] {
  return idsOf(reader, 'AWS::IAM::Policy').map((logicalId) => attachable(reader, logicalId));
}

function attachable({ intrinsics }: Reader, logicalId: string): AttachablePolicy {
  return {
    name: logicalId,
    arn: intrinsics.identity(logicalId).arn,
    roles: read(names, intrinsics.property(logicalId, 'Roles'), `${logicalId}.Roles`),
    document: intrinsics.property(logicalId, 'PolicyDocument') ?? null,
  };
}

function managedArnsOf({ intrinsics }: Reader, logicalId: string): readonly string[] {
  return read(names, intrinsics.property(logicalId, 'ManagedPolicyArns'), `${logicalId}.ManagedPolicyArns`);
}

function idsOf({ template, intrinsics }: Reader, type: string): string[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type && intrinsics.exists(resource.Condition))
    .map(([logicalId]) => logicalId);
}

function read<Schema extends z.ZodType>(schema: Schema, value: Json | undefined, where: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unsupported(where, parsed.error.issues[0]?.message ?? 'is not as expected');
  return parsed.data;
}
