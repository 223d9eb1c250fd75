import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveTemplate } from '../../../local/template/resolve-template.ts';
import type { TemplateOptions } from '../../../local/template/stack-types.ts';

const options: TemplateOptions = {
  parameters: {},
  accountId: '000000000000',
  region: 'eu-west-1',
  stackName: 'ferry-test',
  endpoint: 'http://127.0.0.1:4000',
};

describe('resolveTemplate', () => {
  it('gives a function its name, its zip, and an environment of plain texts', () => {
    const { functions } = resolve({
      Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Work: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'work',
          Handler: 'functions/work/handler.handler',
          Code: { S3Bucket: 'deployment', S3Key: 'serverless/ferry/dev/1-2/work.zip' },
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { TABLE: { Ref: 'Table' }, LIMIT: 200, WHERE: { 'Fn::Sub': '${AWS::Region}/${AWS::AccountId}/${!kept}' } } },
          Timeout: 30,
          MemorySize: 512,
        },
      },
    });
    assert.deepEqual(functions, [
      {
        logicalId: 'Work',
        name: 'work',
        arn: 'arn:aws:lambda:eu-west-1:000000000000:function:work',
        handler: 'functions/work/handler.handler',
        artifact: 'work.zip',
        environment: { TABLE: 'ferry-test-Table', LIMIT: '200', WHERE: 'eu-west-1/000000000000/${kept}' },
        timeoutSeconds: 30,
        memoryMegabytes: 512,
        roleArn: 'arn:aws:iam::000000000000:role/ferry-test-Role',
        logGroup: '/aws/lambda/work',
        inVpc: false,
      },
    ]);
  });

  it('puts substitutions into the definition of a state machine, as parts of JSON strings', () => {
    const { stateMachines } = resolve({
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'machine',
          RoleArn: 'arn:aws:iam::000000000000:role/r',
          DefinitionString: '{"StartAt":"${Url}","Comment":"${Topic} ${Quoted}","Keep":"States.Format(\'{}\', $.a)"}',
          DefinitionSubstitutions: { Url: { Ref: 'Queue' }, Topic: { Ref: 'Topic' }, Quoted: 'a "word"' },
        },
      },
    });
    assert.deepEqual(JSON.parse(stateMachines[0]!.definition), {
      StartAt: 'http://127.0.0.1:4000/000000000000/ferry-test-Queue',
      Comment: 'arn:aws:sns:eu-west-1:000000000000:ferry-test-Topic a "word"',
      Keep: "States.Format('{}', $.a)",
    });
    assert.equal(stateMachines[0]!.arn, 'arn:aws:states:eu-west-1:000000000000:stateMachine:machine');
  });

  it('reads a task definition: its container, variables, secrets and stop timeout', () => {
    const { taskDefinitions } = resolveTemplate(
      {
        Parameters: { Secret: { Type: 'String' }, Image: { Type: 'String', Default: 'example/dump:1' } },
        Resources: {
          Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
          Dump: {
            Type: 'AWS::ECS::TaskDefinition',
            Properties: {
              Family: 'dump',
              Cpu: 1024,
              Memory: '2048',
              ContainerDefinitions: [
                {
                  Name: 'dump',
                  Image: { Ref: 'Image' },
                  StopTimeout: 120,
                  Environment: [{ Name: 'BUCKET', Value: { Ref: 'Bucket' } }],
                  Secrets: [{ Name: 'SOURCE', ValueFrom: { Ref: 'Secret' } }],
                  LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': '/ecs/dump', 'awslogs-stream-prefix': 'task' } },
                },
              ],
            },
          },
        },
      },
      { ...options, parameters: { Secret: 'arn:secret' } },
    );
    const [dump] = taskDefinitions;
    assert.equal(dump!.arn, 'arn:aws:ecs:eu-west-1:000000000000:task-definition/dump:1');
    assert.deepEqual([dump!.cpu, dump!.memory, dump!.ephemeralStorageGigabytes], ['1024', '2048', 20]);
    assert.deepEqual(dump!.containers, [
      { name: 'dump', image: 'example/dump:1', environment: { BUCKET: 'ferry-test-bucket' }, secrets: { SOURCE: 'arn:secret' }, stopTimeoutSeconds: 120, log: { group: '/ecs/dump', streamPrefix: 'task' } },
    ]);
  });

  it('evaluates conditions, and leaves out what they exclude and what is AWS::NoValue', () => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: {
        IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        IsOther: { 'Fn::Not': [{ Condition: 'IsProduction' }] },
        Never: { 'Fn::And': [{ Condition: 'IsProduction' }, { Condition: 'IsOther' }] },
        Always: { 'Fn::Or': [{ Condition: 'IsProduction' }, { Condition: 'IsOther' }] },
      },
      Resources: {
        Production: { Type: 'AWS::SQS::Queue', Condition: 'IsProduction', Properties: {} },
        Both: { Type: 'AWS::SQS::Queue', Condition: 'Always', Properties: {} },
        None: { Type: 'AWS::SQS::Queue', Condition: 'Never', Properties: {} },
        Bucket: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: { 'Fn::If': ['IsProduction', 'prod', 'other'] }, Tags: [{ Ref: 'AWS::NoValue' }], Note: { Ref: 'AWS::NoValue' } },
        },
      },
      Outputs: { Name: { Condition: 'IsOther', Value: { Ref: 'Bucket' } }, Left: { Condition: 'IsProduction', Value: 'x' } },
    };
    const dev = resolveTemplate(template, options);
    assert.deepEqual(dev.queues.map(({ logicalId }) => logicalId), ['Both']);
    assert.deepEqual(dev.buckets, [{ logicalId: 'Bucket', name: 'other', arn: 'arn:aws:s3:::other', properties: { BucketName: 'other', Tags: [] } }]);
    assert.deepEqual(dev.outputs, { Name: 'other' });
    const production = resolveTemplate(template, { ...options, parameters: { Stage: 'prod' } });
    assert.deepEqual(production.queues.map(({ logicalId }) => logicalId), ['Production', 'Both']);
  });

  it('knows Join, Split, Select, FindInMap, Base64 and lists in parameters', () => {
    const { outputs } = resolveTemplate(
      {
        Parameters: { Subnets: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1, subnet-2' } },
        Mappings: { Sizes: { dev: { memory: 512 } } },
        Resources: {},
        Outputs: {
          Join: { Value: { 'Fn::Join': [',', { Ref: 'Subnets' }] } },
          Select: { Value: { 'Fn::Select': ['1', { 'Fn::Split': ['-', 'a-b-c'] }] } },
          Map: { Value: { 'Fn::FindInMap': ['Sizes', 'dev', 'memory'] } },
          Base64: { Value: { 'Fn::Base64': 'text' } },
          Sub: { Value: { 'Fn::Sub': ['${Greeting} ${AWS::StackName}', { Greeting: { 'Fn::Select': [0, ['hello']] } }] } },
        },
      },
      options,
    );
    assert.deepEqual(outputs, { Join: 'subnet-1,subnet-2', Select: 'b', Map: 512, Base64: 'dGV4dA==', Sub: 'hello ferry-test' });
  });

  it('reads rules with their targets', () => {
    const { rules } = resolve({
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
      Uploaded: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['aws.s3'], detail: { bucket: { name: [{ Ref: 'Bucket' }] } } },
          Targets: [{ Id: 'work', Arn: 'arn:aws:lambda:eu-west-1:000000000000:function:work', InputPath: '$.detail' }],
        },
      },
      Off: { Type: 'AWS::Events::Rule', Properties: { State: 'DISABLED', EventPattern: {} } },
    });
    assert.deepEqual(rules[0]!.pattern, { source: ['aws.s3'], detail: { bucket: { name: ['ferry-test-bucket'] } } });
    assert.equal(rules[0]!.targets[0]!.inputPath, '$.detail');
    assert.deepEqual(rules.map(({ enabled }) => enabled), [true, false]);
  });

  it('knows what is answered for a key, a repository and a security group', () => {
    const { outputs } = resolveTemplate(
      {
        Resources: {
          Key: { Type: 'AWS::KMS::Key', Properties: {} },
          Images: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'ferry/dump' } },
          Group: { Type: 'AWS::EC2::SecurityGroup', Properties: {} },
        },
        Outputs: {
          Key: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } },
          Image: { Value: { 'Fn::Sub': '${Images.RepositoryUri}:1' } },
          Repository: { Value: { 'Fn::GetAtt': ['Images', 'Arn'] } },
          Group: { Value: { 'Fn::GetAtt': ['Group', 'GroupId'] } },
        },
      },
      options,
    );
    assert.deepEqual(outputs, {
      Key: 'arn:aws:kms:eu-west-1:000000000000:key/ferry-test-Key',
      Image: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/ferry/dump:1',
      Repository: 'arn:aws:ecr:eu-west-1:000000000000:repository/ferry/dump',
      Group: 'sg-local',
    });
  });

  it('names what it cannot resolve, and where it stands', () => {
    const queue = (name: unknown) => resolve({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } } });
    assert.throws(() => queue({ Ref: 'Nothing' }), { name: 'UnsupportedDefinition', message: /Queue\.QueueName: Ref names Nothing/ });
    assert.throws(() => queue({ 'Fn::ImportValue': 'x' }), { message: /Queue\.QueueName: Fn::ImportValue is not implemented/ });
    assert.throws(() => queue({ 'Fn::GetAtt': ['Queue2', 'Arn'] }), { message: /Queue\.QueueName: Fn::GetAtt names Queue2/ });
    assert.throws(() => resolve({ Work: { Type: 'AWS::Lambda::Function', Properties: { Handler: 5 } } }), { message: /Work\.Handler/ });
    assert.throws(
      () => resolveTemplate({ Parameters: { Secret: { Type: 'String' } }, Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Secret' } } } } }, options),
      { message: /Q\.QueueName: the parameter Secret has neither a value nor a default/ },
    );
    assert.throws(
      () => resolve({ M: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: 'r', DefinitionString: '{"a":"${Missing}"}' } } }),
      { message: /M\.DefinitionSubstitutions: the definition names \$\{Missing\}/ },
    );
  });

  it('ignores what it does not need, resolvable or not', () => {
    const { queues } = resolve({
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: { 'Fn::ImportValue': 'elsewhere' } } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    });
    assert.equal(queues.length, 1);
  });
});

function resolve(resources: Record<string, unknown>) {
  return resolveTemplate({ Resources: resources }, options);
}
