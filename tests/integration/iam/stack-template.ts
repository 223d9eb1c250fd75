/** A small stack whose roles may do some things and not others. */
const trust = (Service: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] });
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const role = (service: string, ...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust(service), Policies: [{ PolicyName: 'own', PolicyDocument: policy(...statements) }] },
});
const allow = (Action: string | string[], Resource: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const key = (id: string) => ({ AttributeName: id, KeyType: 'HASH' });

const throughS3 = { Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } };

const resources = {
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: { KeyPolicy: policy({ Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } }, Action: 'kms:*', Resource: '*' }) },
  },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arnOf('Key') } }] } },
  },
  BucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: policy({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: { 'Fn::Sub': '${Bucket.Arn}/reports/frozen/*' } }),
    },
  },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [key('id')],
      GlobalSecondaryIndexes: [{ IndexName: 'by-id', KeySchema: [key('id')], Projection: { ProjectionType: 'ALL' } }],
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
  Cluster: { Type: 'AWS::ECS::Cluster', Properties: {} },
  TaskRole: role('ecs-tasks.amazonaws.com', allow('s3:GetObject', '*')),
  Tasks: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: { Family: 'tasks', TaskRoleArn: arnOf('TaskRole'), ContainerDefinitions: [{ Name: 'task', Image: 'example/task' }] },
  },
  WorkerRole: role(
    'lambda.amazonaws.com',
    allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], { 'Fn::Sub': '${Bucket.Arn}/reports/*' }),
    allow('s3:ListBucket', arnOf('Bucket'), { Condition: { StringLike: { 's3:prefix': 'lists/*' } } }),
    allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], arnOf('Table')),
    allow('ecs:RunTask', { Ref: 'Tasks' }, { Condition: { ArnEquals: { 'ecs:cluster': arnOf('Cluster') } } }),
    allow('kms:GenerateDataKey', arnOf('Key'), throughS3),
  ),
  Worker: {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: 's-worker', Handler: 'a.handler', Code: { S3Key: 'a.zip' }, Role: arnOf('WorkerRole') },
  },
  MachineRole: role('states.amazonaws.com', allow('sqs:SendMessage', '*')),
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: '{}', RoleArn: arnOf('MachineRole') } },
  People: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { PolicyDocument: policy(allow('s3:GetObject', { 'Fn::Sub': '${Bucket.Arn}/reports/*' }), allow('kms:Decrypt', arnOf('Key'), throughS3)) },
  },
};

export const stackTemplate = { Resources: resources };
