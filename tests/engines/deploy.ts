/** Deploys the packaged stack as `serverless deploy` does: the bucket first, then the functions' code, then all else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand, UpdateStackCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { unzipSync, zipSync } from 'fflate';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Packaged } from '../../local/package/package-service.ts';
import { getObject, makeObjectReader } from './read-object.ts';
import type { Place } from './workflow.ts';

export interface Deployment {
  readonly packaged: Packaged;
  readonly source: ServerAccess;
  readonly target: ServerAccess;
  readonly log: (line: string) => void;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Code?: { readonly S3Key?: string }; readonly Metrics?: unknown };
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** What MiniStack 1.5.33 cannot make: a type, and alarms over more than one metric. */
function isLacking({ Type: type, Properties: properties }: Resource): boolean {
  return type === 'AWS::EC2::SecurityGroupIngress' || (type === 'AWS::CloudWatch::Alarm' && properties?.Metrics !== undefined);
}

const templateKey = 'template.json';
const packageFolder = join(import.meta.dirname, '../../.serverless');

/** @returns the stack's outputs @throws when a resource could not be made, with its reason */
export async function deploy(place: Place, { packaged, source, target, log }: Deployment): Promise<Readonly<Record<string, string>>> {
  const secrets = new SecretsManagerClient(place);
  const cloudFormation = new CloudFormationClient(place);
  const StackName = packaged.stackName;
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: await readFile(join(packageFolder, 'cloudformation-template-create-stack.json'), 'utf8') }));
  const { ServerlessDeploymentBucketName: bucket = '' } = outputsOf(await untilComplete(cloudFormation, StackName, 'CREATE_COMPLETE'));
  const whole = JSON.stringify(packaged.template).replaceAll(getObject, await makeObjectReader(place));
  log('a function stands in for aws-sdk:s3:getObject');
  const template = withoutLacking(JSON.parse(whole) as Template, log);
  await upload(place, template, bucket);
  log('the functions are given as .js files instead of .cjs');
  const parameters = {
    ...packaged.parameters,
    SourceSecretArn: await secretOf(secrets, 'aurora-ferry/source', source),
    TargetSecretArn: await secretOf(secrets, 'aurora-ferry/target', target),
  };
  await cloudFormation.send(
    new UpdateStackCommand({
      StackName,
      TemplateURL: `${place.endpoint}/${bucket}/${templateKey}`,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    }),
  );
  const stack = await untilComplete(cloudFormation, StackName, 'UPDATE_COMPLETE');
  log(`the stack of ${Object.keys(template.Resources).length} resources is ${stack.StackStatus ?? ''}`);
  secrets.destroy();
  cloudFormation.destroy();
  return outputsOf(stack);
}

/** What is left out is named, so that nobody takes it for tried. */
function withoutLacking(template: Template, log: (line: string) => void): Template {
  const entries = Object.entries(template.Resources);
  const out = entries.filter(([, resource]) => isLacking(resource)).map(([name, { Type: type }]) => `${name} (${type})`);
  if (out.length > 0) log(`left out of the template: ${out.join(', ')}`);
  return { ...template, Resources: Object.fromEntries(entries.filter(([, resource]) => !isLacking(resource))) };
}

/** The template too: it is longer than what CloudFormation takes in a request. */
async function upload(place: Place, template: Template, bucket: string): Promise<void> {
  const s3 = new S3Client(place);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: templateKey, Body: JSON.stringify(template) }));
  const { Resources: resources } = template;
  const keys = new Set(Object.values(resources).flatMap(({ Properties: properties }) => properties?.Code?.S3Key ?? []));
  for (const key of keys) {
    const file = join(packageFolder, key.slice(key.lastIndexOf('/') + 1));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: asJavaScript(await readFile(file)) }));
  }
  s3.destroy();
}

/** Lambda finds a handler in a `.cjs` file, MiniStack in a `.js` file alone, which is CommonJS where nothing says otherwise. */
function asJavaScript(zip: Uint8Array): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, content]) => [name.replace(/\.cjs$/, '.js'), content])), { level: 1 });
}

async function secretOf(secrets: SecretsManagerClient, name: string, access: ServerAccess): Promise<string> {
  const { ARN: arn } = await secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(access) }));
  return arn ?? '';
}

async function untilComplete(cloudFormation: CloudFormationClient, StackName: string, wanted: string): Promise<Stack> {
  for (let waited = 0; waited < 120_000; waited += 200) {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    if (stack?.StackStatus === wanted) return stack;
    if (stack === undefined || /FAILED|ROLLBACK/.test(stack.StackStatus ?? '')) throw new Error(`The stack is ${stack?.StackStatus ?? 'gone'}: ${await reasonsOf(cloudFormation, StackName)}`);
    await sleep(200);
  }
  throw new Error(`The stack is not ${wanted} after two minutes.`);
}

async function reasonsOf(cloudFormation: CloudFormationClient, StackName: string): Promise<string> {
  const { StackEvents: events = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  const failed = events.filter(({ ResourceStatus: status }) => status?.endsWith('FAILED') === true);
  return failed.map(({ LogicalResourceId: id, ResourceStatusReason: reason }) => `${id ?? ''}: ${reason ?? ''}`).join('; ');
}

function outputsOf({ Outputs: outputs = [] }: Stack): Record<string, string> {
  return Object.fromEntries(outputs.map(({ OutputKey: key = '', OutputValue: value = '' }) => [key, value]));
}
