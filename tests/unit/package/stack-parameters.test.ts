import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkParameters, definitionsSchema, type ParameterInput } from '../../../resources/stack-parameters.ts';

const definitions = definitionsSchema.parse({
  VpcId: { Type: 'AWS::EC2::VPC::Id', Description: 'The VPC.' },
  SubnetIds: { Type: 'List<AWS::EC2::Subnet::Id>', Description: 'Its subnets.' },
  SecretArn: { Type: 'String', Description: 'A secret.', AllowedPattern: '^arn:aws:secretsmanager:.+$', ConstraintDescription: 'must be the ARN of a secret' },
  Port: { Type: 'Number', Description: 'A port.', MinValue: 1, MaxValue: 65535, Default: 3306 },
  Endpoints: { Type: 'String', Description: 'Yes or no.', AllowedValues: ['true', 'false'], Default: 'false' },
});
const examples = {
  vpcId: 'vpc-0a1b2c3d4e5f60001',
  subnetIds: 'subnet-0a1b2c3d,subnet-1a2b3c4d',
  secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:example-a1b2c3',
};
const right = {
  vpcId: 'vpc-00000000000000001',
  subnetIds: 'subnet-00000001,subnet-00000002',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:222233334444:secret:mine-a1b2c3',
};

function check(given: Readonly<Record<string, string>>, input: Partial<ParameterInput> = {}) {
  return checkParameters({ definitions, given, examples, examplesStandIn: false, region: 'eu-west-1', ...input });
}

/** The first line of each flaw: the name and what is wrong. */
function flaws(given: Readonly<Record<string, string>>, input: Partial<ParameterInput> = {}): string[] {
  return check({ ...right, ...given }, input).flaws.map((flaw) => flaw.split('\n')[0] ?? '');
}

describe('the values of the stack\'s parameters', () => {
  it('are those given, then the defaults', () => {
    assert.deepEqual(check({ ...right, port: '3307' }), {
      parameters: [
        { ParameterKey: 'VpcId', ParameterValue: right.vpcId },
        { ParameterKey: 'SubnetIds', ParameterValue: right.subnetIds },
        { ParameterKey: 'SecretArn', ParameterValue: right.secretArn },
        { ParameterKey: 'Port', ParameterValue: '3307' },
        { ParameterKey: 'Endpoints', ParameterValue: 'false' },
      ],
      flaws: [],
    });
  });

  it('are refused by name when missing, all at once, each with a right example', () => {
    assert.deepEqual(check({}).flaws, [
      'vpcId is missing.\n    It is: The VPC.\n    For example: --param vpcId=vpc-0a1b2c3d4e5f60001',
      'subnetIds is missing.\n    It is: Its subnets.\n    For example: --param subnetIds=subnet-0a1b2c3d,subnet-1a2b3c4d',
      'secretArn is missing.\n    It is: A secret.\n    For example: --param secretArn=arn:aws:secretsmanager:us-east-1:111122223333:secret:example-a1b2c3',
    ]);
  });

  it('are refused when malformed, and not repeated: one may be a password in the wrong place', () => {
    assert.deepEqual(flaws({ vpcId: 'subnet-00000001' }), ['vpcId must be an id of the form vpc-….']);
    assert.deepEqual(flaws({ subnetIds: 'subnet-00000001,subnet-2' }), ['subnetIds has a member that must be an id of the form subnet-….']);
    assert.deepEqual(flaws({ subnetIds: 'subnet-00000001,subnet-00000001' }), ['subnetIds names one of its members twice.']);
    assert.deepEqual(flaws({ secretArn: 'hunter2' }), ['secretArn must be the ARN of a secret.']);
    for (const port of ['0', '65536', '33.06', 'mysql', '']) assert.deepEqual(flaws({ port }), ['port must be a whole number from 1 to 65535.'], port);
    assert.deepEqual(flaws({ endpoints: 'yes' }), ['endpoints must be one of: true, false.']);
    assert.doesNotMatch(JSON.stringify(check({ ...right, secretArn: 'hunter2' })), /hunter2/);
  });

  it('are refused when an ARN is of another region than the stack', () => {
    assert.deepEqual(flaws({}, { region: 'eu-central-1' }), ['secretArn is in the region eu-west-1, and the stack in eu-central-1.']);
  });

  it('may be the examples only where nothing is deployed', () => {
    assert.deepEqual(flaws({ vpcId: examples.vpcId }), ['vpcId is the example of the documents: it must name what is yours.']);
    assert.deepEqual(check({}, { examplesStandIn: true }).flaws, []);
    assert.equal(check({}, { examplesStandIn: true }).parameters[0]?.ParameterValue, examples.vpcId);
  });
});
