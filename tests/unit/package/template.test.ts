import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { join } from 'node:path';
import { packageService } from '../../../local/package/package-service.ts';
import { resolveTemplate } from '../../../local/template/resolve-template.ts';
import type { LocalStack } from '../../../local/template/stack-types.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters: Readonly<Record<string, unknown>>;
}

let template: Template;
let stack: LocalStack;

before(async () => {
  const packaged = await packageService({ projectDirectory: join(import.meta.dirname, '../../..'), log: () => undefined });
  template = packaged.template as Template;
  stack = resolveTemplate(template, { parameters: packaged.parameters, accountId: '000000000000', region: 'us-east-1', stackName: 'aurora-ferry-dev', endpoint: 'http://127.0.0.1:1' });
});

function ofType(type: string): [string, Readonly<Record<string, unknown>>][] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => [id, resource.Properties ?? {}]);
}

describe('what `serverless package` makes', () => {
  it('has the functions of the repository, on Node.js 24 and arm64, each with a role of its own', () => {
    const functions = ofType('AWS::Lambda::Function');
    assert.deepEqual(stack.functions.map(({ name }) => name.replace('aurora-ferry-dev-', '')).sort(), [
      'checkAuroraConnections', 'checkOutage', 'classifyFailure', 'holdForRedrive', 'migrateAccounts', 'recordAbortedBranch', 'registerDump', 'reportProgress', 'selectDatabases', 'tallyOutcomes',
    ]);
    for (const [id, properties] of functions) {
      assert.equal(properties['Runtime'], 'nodejs24.x', id);
      assert.deepEqual(properties['Architectures'], ['arm64'], id);
    }
    assert.equal(new Set(functions.map(([, { Role: role }]) => JSON.stringify(role))).size, functions.length);
  });

  it('fills every placeholder of the definition, and declares none that is not used', () => {
    const [machine] = ofType('AWS::StepFunctions::StateMachine');
    const placeholders = [...new Set(String(machine?.[1]['DefinitionString']).match(/\$\{[^}]+\}/g))].sort();
    const substitutions = Object.keys(machine?.[1]['DefinitionSubstitutions'] as object).map((name) => `\${${name}}`).sort();
    assert.deepEqual(placeholders, substitutions);
    assert.doesNotMatch(stack.stateMachines[0]?.definition ?? '${', /\$\{/);
  });

  it('gives tasks the containers, overrides of which the state machine writes, and their secrets as secrets', () => {
    const containers = stack.taskDefinitions.flatMap((definition) => definition.containers);
    assert.deepEqual(containers.map(({ name, secrets }) => [name, Object.keys(secrets)]), [['dump', ['SOURCE_SECRET']], ['import', ['TARGET_SECRET']]]);
    for (const { name, environment, stopTimeoutSeconds } of containers) {
      assert.deepEqual(Object.keys(environment), ['TABLE_NAME', 'BUCKET_NAME', 'POWERTOOLS_SERVICE_NAME']);
      assert.equal(stopTimeoutSeconds, 120);
      assert.match(stack.stateMachines[0]?.definition ?? '', new RegExp(`"Name": "${name}"`));
    }
  });

  it('tells the command line what it needs', () => {
    const names = [
      'BucketName', 'ClusterName', 'DeadLetterQueueUrl', 'DeadLetterTopicArn', 'DumpTaskDefinitionArn', 'ImportTaskDefinitionArn', 'SecurityGroupId',
      'StateMachineArn', 'SubnetIds', 'TableName',
    ];
    for (const name of names) assert.ok(stack.outputs[name] !== undefined, name);
    assert.equal(stack.outputs['StateMachineArn'], stack.stateMachines[0]?.arn);
  });

  it('sends ended branches, hand-made manifests and each minute to their functions, and nothing else may call these', () => {
    assert.deepEqual(stack.rules.map(({ targets }) => targets.map(({ arn }) => arn.split(':').at(-1))), [
      ['aurora-ferry-dev-recordAbortedBranch'],
      ['aurora-ferry-dev-registerDump'],
      ['aurora-ferry-dev-reportProgress'],
    ]);
    assert.equal(ofType('AWS::Lambda::Permission').every(([, { SourceArn }]) => SourceArn !== undefined), true);
  });

  it('allows no action on every resource, but those that AWS cannot limit', () => {
    const unlimited = new Set<string>();
    const inRoles = ofType('AWS::IAM::Role').flatMap(([, properties]) => (properties['Policies'] ?? []) as Policy[]);
    const apart = [...ofType('AWS::IAM::Policy'), ...ofType('AWS::IAM::ManagedPolicy')].map(([, properties]) => properties as unknown as Policy);
    for (const { PolicyDocument } of [...inRoles, ...apart]) {
      for (const { Action, Resource } of PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow')) {
        for (const action of [Action].flat()) {
          assert.doesNotMatch(action, /\*/);
          if (Resource === '*') unlimited.add(action.startsWith('logs:') ? 'logs delivery' : action.replace(/^xray:.*/, 'xray'));
        }
      }
    }
    assert.deepEqual([...unlimited].sort(), [
      ...['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ecr:GetAuthorizationToken', 'ecs:DescribeTaskDefinition', 'logs delivery'],
      ...['servicequotas:GetServiceQuota', 'servicequotas:ListServiceQuotas', 'xray'],
    ]);
  });

  it('refers only to resources and parameters that it has', () => {
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
    const missing = new Set<string>();
    visit(template.Resources, (name) => {
      if (!known.has(name) && !name.startsWith('AWS::')) missing.add(name);
    });
    assert.deepEqual([...missing], []);
  });
});

/** Calls back with each logical id that Ref, Fn::GetAtt and Fn::Sub name. */
function visit(value: unknown, named: (logicalId: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'Ref' && typeof member === 'string') named(member);
    else if (key === 'Fn::GetAtt') named(String(Array.isArray(member) ? member[0] : String(member).split('.')[0]));
    else if (key === 'Fn::Sub' && typeof member === 'string') for (const [, name = ''] of member.matchAll(/\$\{([^}.!]+)/g)) named(name);
    else visit(member, named);
  }
}
