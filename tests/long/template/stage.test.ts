/** What `serverless package --stage prod` makes of a clean copy without credentials: what an engineer would look at first. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { packageStage, type StagePackage } from '../../../scripts/validate/package-stage.ts';
import { deployableParams } from '../../../scripts/validate/templates.ts';

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

let packaged: StagePackage;
let resources: Readonly<Record<string, Resource>>;
let parameters: Readonly<Record<string, { readonly Default?: unknown; readonly Description: string }>>;

before(async () => {
  packaged = await packageStage({ stage: 'prod', params: deployableParams, environment: { AWS_REGION: 'eu-central-1' } });
  const template = JSON.parse(packaged.template ?? 'null') as { Resources: typeof resources; Parameters: typeof parameters } | null;
  assert.ok(template !== null, packaged.output);
  resources = template.Resources;
  parameters = template.Parameters;
});

function ofType(type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

describe('the template of a stage that is deployed', () => {
  it('names no account, no region and no secret', () => {
    const text = packaged.template ?? '';
    assert.deepEqual(text.match(/\b\d{12}\b/g), null);
    assert.deepEqual(text.match(/\b(us|eu|ap|sa|ca|me|af|il|mx)(-gov|-iso[a-z]?)?-(north|south|east|west|central)+-\d\b/g), null);
    for (const value of Object.values(deployableParams)) assert.ok(!text.includes(value), `the value ${value} is in the template`);
    assert.doesNotMatch(text, /"(password|secret|token)": *"/i);
  });

  it('sends the parameters beside it, each of which is described', () => {
    const { service } = JSON.parse(packaged.state ?? '') as { service: { provider: { stackParameters: { ParameterKey: string; ParameterValue: string }[] } } };
    const sent = new Map(service.provider.stackParameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]));
    assert.deepEqual([...sent.keys()].sort(), Object.keys(parameters).sort());
    assert.equal(sent.get('TargetCidr'), deployableParams['targetCidr']);
    assert.match(sent.get('ImageTag') ?? '', /^\d+\.\d+\.\d+/);
    for (const [name, { Description }] of Object.entries(parameters)) assert.ok(Description.length > 20, name);
  });

  it('keeps records, dumps and the key to them when the stack is removed, and the table from being deleted', () => {
    const policies = ['Table', 'Bucket', 'Key'].map((id) => [id, resources[id]?.DeletionPolicy, resources[id]?.UpdateReplacePolicy]);
    assert.deepEqual(policies, [['Table', 'Retain', 'Retain'], ['Bucket', 'RetainExceptOnCreate', 'Retain'], ['Key', 'RetainExceptOnCreate', 'Retain']]);
    assert.equal(resources['Table']?.Properties['DeletionProtectionEnabled'], true);
  });

  it('gives every function a log group that ends', () => {
    const functions = ofType('AWS::Lambda::Function').map(([id]) => id.replace('LambdaFunction', 'LogGroup'));
    assert.ok(functions.length >= 7);
    for (const group of functions) assert.equal(resources[group]?.Properties['RetentionInDays'], 365, group);
  });

  it('puts into the VPC only the functions that talk to MySQL, and lets few gates run', () => {
    const inside = ofType('AWS::Lambda::Function').filter(([, { Properties }]) => Properties['VpcConfig'] !== undefined).map(([id]) => id);
    assert.deepEqual(inside.sort(), ['CheckAuroraConnectionsLambdaFunction', 'CheckOutageLambdaFunction', 'MigrateAccountsLambdaFunction', 'SelectDatabasesLambdaFunction']);
    const reserved = resources['CheckAuroraConnectionsLambdaFunction']?.Properties['ReservedConcurrentExecutions'];
    assert.deepEqual(reserved, { 'Fn::If': ['ReservesGates', { Ref: 'GateConcurrency' }, { Ref: 'AWS::NoValue' }] });
    assert.equal(parameters['GateConcurrency']?.Default, 10);
  });

  it('takes images from its own repositories, under the version of the project', () => {
    for (const [name, id] of [['Dump', 'DumpTaskDefinition'], ['Import', 'ImportTaskDefinition']] as const) {
      const [container] = resources[id]?.Properties['ContainerDefinitions'] as { Image: unknown }[];
      assert.deepEqual(container?.Image, { 'Fn::Sub': `\${${name}Repository.RepositoryUri}:\${ImageTag}` });
    }
  });
});

describe('serverless package for a stage that is deployed', () => {
  const refusal = (params: Readonly<Record<string, string>>, stage = 'prod') => packageStage({ stage, params, environment: { AWS_REGION: 'eu-central-1' } });

  it('refuses missing parameters by name, with a right example of each', async () => {
    const { output, template } = await refusal({});
    assert.equal(template, undefined);
    for (const name of Object.keys(deployableParams)) assert.match(output, new RegExp(`^  ${name} is missing\\.\\n.*\\n    For example: --param ${name}=`, 'm'));
  });

  it('refuses malformed ones, unknown ones, examples, and stages that no name could hold', async () => {
    const { output } = await refusal({ ...deployableParams, sourceSecretArn: 'aurora-ferry/source', targetCidr: '10.0.0.256/24', routeTableIds: 'rtb-1', subnetId: 'subnet-00000001', vpcId: 'vpc-0a1b2c3d4e5f60001' });
    assert.match(output, /^ {2}sourceSecretArn must be the complete ARN of a secret/m);
    assert.match(output, /^ {2}targetCidr must be an IPv4 block/m);
    assert.match(output, /^ {2}routeTableIds must be ids of route tables/m);
    assert.match(output, /^ {2}subnetId is no parameter\. These are: vpcId, subnetIds, /m);
    assert.match(output, /^ {2}vpcId is the example of the documents/m);
    assert.match((await refusal(deployableParams, 'Production')).output, /--stage Production must be lower-case/);
  });
});
