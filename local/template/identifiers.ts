/** What Ref and Fn::GetAtt answer for a resource, by its type. Source: AWS CloudFormation template reference, "Return values". */
import type { Json } from '../stepfunctions/language/json.ts';

export interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly endpoint: string;
}

export interface Identity {
  /** The physical name: given by the property, else made from the stack's name and the logical id. */
  readonly name: string;
  readonly arn: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Kind {
  readonly nameProperty: string;
  identify(name: string, place: Place): { readonly arn: string; readonly ref?: string; readonly attributes?: Record<string, string> };
}

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::Lambda::Function': kind('FunctionName', (name, place) => ({ arn: arnOf(place, 'lambda', `function:${name}`) })),
  'AWS::StepFunctions::StateMachine': kind('StateMachineName', (name, place) => {
    const arn = arnOf(place, 'states', `stateMachine:${name}`);
    return { arn, ref: arn, attributes: { Name: name } };
  }),
  'AWS::S3::Bucket': kind('BucketName', (name) => ({
    arn: `arn:aws:s3:::${name}`,
    attributes: { DomainName: `${name}.s3.amazonaws.com` },
  })),
  'AWS::DynamoDB::Table': kind('TableName', (name, place) => ({ arn: arnOf(place, 'dynamodb', `table/${name}`) })),
  'AWS::SQS::Queue': kind('QueueName', (name, place) => {
    const url = `${place.endpoint}/${place.accountId}/${name}`;
    return { arn: arnOf(place, 'sqs', name), ref: url, attributes: { QueueName: name, QueueUrl: url } };
  }),
  'AWS::SNS::Topic': kind('TopicName', (name, place) => {
    const arn = arnOf(place, 'sns', name);
    return { arn, ref: arn, attributes: { TopicName: name, TopicArn: arn } };
  }),
  'AWS::ECS::Cluster': kind('ClusterName', (name, place) => ({ arn: arnOf(place, 'ecs', `cluster/${name}`) })),
  'AWS::ECS::TaskDefinition': kind('Family', (name, place) => {
    const arn = arnOf(place, 'ecs', `task-definition/${name}:1`);
    return { arn, ref: arn, attributes: { TaskDefinitionArn: arn } };
  }),
  'AWS::SecretsManager::Secret': kind('Name', (name, place) => {
    const arn = arnOf(place, 'secretsmanager', `secret:${name}-local0`);
    return { arn, ref: arn, attributes: { Id: arn } };
  }),
  'AWS::Events::Rule': kind('Name', (name, place) => ({ arn: arnOf(place, 'events', `rule/${name}`) })),
  'AWS::CloudWatch::Alarm': kind('AlarmName', (name, place) => ({ arn: arnOf(place, 'cloudwatch', `alarm:${name}`) })),
  'AWS::IAM::Role': kind('RoleName', (name, place) => ({ arn: `arn:aws:iam::${place.accountId}:role/${name}` })),
  'AWS::IAM::ManagedPolicy': kind('ManagedPolicyName', (name, place) => {
    const arn = `arn:aws:iam::${place.accountId}:policy/${name}`;
    return { arn, ref: arn, attributes: { PolicyArn: arn } };
  }),
  'AWS::Logs::LogGroup': kind('LogGroupName', (name, place) => ({ arn: arnOf(place, 'logs', `log-group:${name}:*`) })),
  'AWS::KMS::Key': kind('KeyId', (name, place) => {
    const arn = arnOf(place, 'kms', `key/${name}`);
    return { arn, attributes: { KeyId: name } };
  }),
  'AWS::ECR::Repository': kind('RepositoryName', (name, place) => ({
    arn: arnOf(place, 'ecr', `repository/${name}`),
    attributes: { RepositoryUri: `${place.accountId}.dkr.ecr.${place.region}.amazonaws.com/${name}` },
  })),
  'AWS::EC2::SecurityGroup': kind('GroupName', (name) => ({ arn: '', ref: 'sg-local', attributes: { GroupId: 'sg-local', VpcId: 'vpc-local', GroupName: name } })),
};

/** @param property reads one property of the resource, resolved */
export function identityOf(type: string, logicalId: string, place: Place, property: (name: string) => Json | undefined): Identity {
  const known = kinds[type];
  const given = known === undefined ? undefined : property(known.nameProperty);
  const name = typeof given === 'string' ? given : madeName(type, logicalId, place);
  const { arn, ref, attributes } = known?.identify(name, place) ?? { arn: '' };
  return { name, arn, ref: ref ?? name, attributes: { ...(arn === '' ? {} : { Arn: arn }), ...attributes } };
}

function madeName(type: string, logicalId: string, place: Place): string {
  const name = `${place.stackName}-${logicalId}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-').slice(0, 63) : name;
}

function arnOf(place: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${place.region}:${place.accountId}:${resource}`;
}

function kind(nameProperty: string, identify: Kind['identify']): Kind {
  return { nameProperty, identify };
}
