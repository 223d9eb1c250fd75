/** The state machine and the packaged template against each other: what a state names is there, and what is there is named. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { join } from 'node:path';
import { packageService } from '../../../local/package/package-service.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
interface State {
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ItemReader?: State;
  readonly ResultWriter?: State;
  readonly ItemProcessor?: States;
}
interface States {
  readonly States: Readonly<Record<string, State>>;
}

/** What each integration names, by the parameter that names it: the type of the resource behind the substitution. */
const integrations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'arn:aws:states:::lambda:invoke': { FunctionName: 'AWS::Lambda::Function' },
  'arn:aws:states:::dynamodb:updateItem': { TableName: 'AWS::DynamoDB::Table' },
  'arn:aws:states:::ecs:runTask.sync': { Cluster: 'AWS::ECS::Cluster', TaskDefinition: 'AWS::ECS::TaskDefinition' },
  'arn:aws:states:::ecs:runTask.waitForTaskToken': { Cluster: 'AWS::ECS::Cluster', TaskDefinition: 'AWS::ECS::TaskDefinition' },
  'arn:aws:states:::aws-sdk:s3:getObject': { Bucket: 'AWS::S3::Bucket' },
  'arn:aws:states:::sqs:sendMessage': { QueueUrl: 'AWS::SQS::Queue' },
  'arn:aws:states:::sns:publish': { TopicArn: 'AWS::SNS::Topic' },
};
/** Of the Map: the bucket is in the input of the state, from the function that wrote the list. */
const mapIntegrations = ['arn:aws:states:::s3:getObject', 'arn:aws:states:::s3:putObject'];

let resources: Readonly<Record<string, Resource>>;
let parameters: Readonly<Record<string, unknown>>;
let substitutions: Readonly<Record<string, unknown>>;
let states: [string, State][];

before(async () => {
  const packaged = await packageService({ projectDirectory: join(import.meta.dirname, '../../..'), log: () => undefined });
  const template = packaged.template as { Resources: typeof resources; Parameters: typeof parameters };
  ({ Resources: resources, Parameters: parameters } = template);
  const machine = resources['StateMachine']?.Properties;
  substitutions = machine?.['DefinitionSubstitutions'] as typeof substitutions;
  states = statesOf(JSON.parse(String(machine?.['DefinitionString'])) as States);
});

function statesOf({ States }: States): [string, State][] {
  return Object.entries(States).flatMap(([name, state]) => [[name, state], ...(state.ItemProcessor === undefined ? [] : statesOf(state.ItemProcessor))]);
}

/** The logical id behind `${Name}` in the definition. */
function resourceBehind(value: unknown): string {
  const [, name = ''] = /^\$\{(\w+)\}$/.exec(String(value)) ?? [];
  const substitution = substitutions[name] as { Ref?: string; 'Fn::GetAtt'?: readonly [string, string] } | undefined;
  return substitution?.Ref ?? substitution?.['Fn::GetAtt']?.[0] ?? '';
}

const tasks = (): [string, State, string][] => states.flatMap(([name, state]): [string, State, string][] => (state.Resource === undefined ? [] : [[name, state, state.Resource]]));

describe('the state machine in the packaged template', () => {
  it('calls only integrations that are known here, and what each names is a resource of the right type', () => {
    for (const [name, { Parameters = {} }, resource] of tasks()) {
      const named = integrations[resource];
      assert.ok(named !== undefined, `${name} calls ${resource}`);
      for (const [parameter, type] of Object.entries(named)) assert.equal(resources[resourceBehind(Parameters[parameter])]?.Type, type, `${name}, ${parameter}`);
    }
    for (const [name, { ItemReader, ResultWriter }] of states) {
      for (const part of [ItemReader, ResultWriter]) assert.ok(part === undefined || mapIntegrations.includes(part.Resource ?? ''), `${name} uses ${part?.Resource ?? 'nothing'}`);
    }
  });

  it('runs every task on Fargate, not Spot, without a public address, in the subnets and the group of the stack', () => {
    const runs = tasks().filter(([, , resource]) => resource.includes(':ecs:'));
    assert.deepEqual(runs.map(([name]) => name), ['DumpDatabase', 'DumpFrozen', 'ImportDatabase', 'VerifyDatabase']);
    assert.deepEqual([substitutions['SubnetIds'], substitutions['SecurityGroupId']], [{ 'Fn::Join': [',', { Ref: 'SubnetIds' }] }, { 'Fn::GetAtt': ['SecurityGroup', 'GroupId'] }]);
    assert.ok('SubnetIds' in parameters);
    for (const [name, { Parameters = {} }] of runs) {
      assert.deepEqual([Parameters['LaunchType'], Parameters['CapacityProviderStrategy']], ['FARGATE', undefined], name);
      assert.deepEqual(Parameters['NetworkConfiguration'], {
        AwsvpcConfiguration: { 'Subnets.$': "States.StringSplit('${SubnetIds}', ',')", SecurityGroups: ['${SecurityGroupId}'], AssignPublicIp: 'DISABLED' },
      }, name);
    }
  });

  it('overrides variables of containers that the task definition has, and none that it sets itself', () => {
    for (const [name, { Parameters = {} }, resource] of tasks()) {
      if (!resource.includes(':ecs:')) continue;
      const definition = resources[resourceBehind(Parameters['TaskDefinition'])]?.Properties['ContainerDefinitions'] as Container[];
      const { ContainerOverrides } = Parameters['Overrides'] as { ContainerOverrides: Container[] };
      for (const override of ContainerOverrides) {
        const container = definition.find((one) => one.Name === override.Name);
        assert.ok(container !== undefined, `${name} overrides ${override.Name}`);
        const fixed = [...(container.Environment ?? []), ...(container.Secrets ?? [])].map((variable) => variable.Name);
        assert.deepEqual((override.Environment ?? []).filter((variable) => fixed.includes(variable.Name)), [], name);
      }
    }
  });

  it('is what calls every function and runs every task definition, but for the functions of events', () => {
    const named = new Set(tasks().flatMap(([, { Parameters = {} }]) => [resourceBehind(Parameters['FunctionName']), resourceBehind(Parameters['TaskDefinition'])]));
    const targets = Object.values(resources).filter(({ Type }) => Type === 'AWS::Events::Rule').flatMap(({ Properties }) => Properties['Targets'] as { Arn: { 'Fn::GetAtt': [string, string] } }[]);
    for (const { Arn } of targets) named.add(Arn['Fn::GetAtt'][0]);
    const callable = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function' || Type === 'AWS::ECS::TaskDefinition').map(([id]) => id);
    assert.deepEqual(callable.filter((id) => !named.has(id)), []);
  });

  it('has a substitution for each placeholder, and a placeholder for each substitution', () => {
    const placeholders = new Set(Array.from(JSON.stringify(states).matchAll(/\$\{(\w+)\}/g), ([, name = '']) => name));
    assert.deepEqual([...placeholders].sort(), Object.keys(substitutions).sort());
  });
});

interface Container {
  readonly Name: string;
  readonly Environment?: readonly { readonly Name: string }[];
  readonly Secrets?: readonly { readonly Name: string }[];
}
