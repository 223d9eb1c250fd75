/** What docs/security.md says of who can reach what on AWS, against the packaged template. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { Template } from '../../../local/template/intrinsics.ts';
import { packagedTemplate } from './support.ts';

const model = readFileSync(join(import.meta.dirname, '../../../docs/security.md'), 'utf8').split('## Threat model')[1] ?? '';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

let template: Template;
before(async () => {
  template = await packagedTemplate();
});

function ofType(type: string): [string, Readonly<Record<string, unknown>>][] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => (Type === type ? [[id, Properties] as [string, Record<string, unknown>]] : []));
}

/** Roles whose own policies allow an action on a resource of which its text says so. */
function whoMay(action: string, resource: RegExp): string[] {
  return ofType('AWS::IAM::Role')
    .filter(([, { Policies }]) => {
      const statements = ((Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return statements.some(({ Effect, Action, Resource }) => Effect === 'Allow' && [Action].flat().includes(action) && resource.test(JSON.stringify(Resource)));
    })
    .map(([id]) => id)
    .sort();
}

describe('the threat model', () => {
  it('counts the roles that read each secret', () => {
    assert.deepEqual(whoMay('secretsmanager:GetSecretValue', /SourceSecretArn/), ['CheckOutageRole', 'DumpExecutionRole', 'MigrateAccountsRole', 'SelectDatabasesRole']);
    assert.deepEqual(whoMay('secretsmanager:GetSecretValue', /TargetSecretArn/), ['CheckAuroraConnectionsRole', 'CheckOutageRole', 'ImportExecutionRole', 'MigrateAccountsRole', 'SelectDatabasesRole']);
    assert.match(model, /four roles for the source's, five for the target's/);
  });

  it('names the roles that read and write dumps', () => {
    assert.deepEqual(whoMay('s3:GetObject', /\/dumps\//), ['ImportTaskRole', 'RegisterDumpRole']);
    assert.deepEqual(whoMay('s3:PutObject', /\/dumps\//), ['DumpTaskRole']);
    assert.match(model, /`ImportTaskRole` and `RegisterDumpRole` read, `DumpTaskRole` writes and cannot read/);
  });

  it('is right that nobody may start a task with a shell, or list the table', () => {
    for (const action of ['dynamodb:Scan', 'ssmmessages:CreateControlChannel', 'ecs:ExecuteCommand']) assert.deepEqual(whoMay(action, /./), [], action);
    assert.doesNotMatch(JSON.stringify(template), /EnableExecuteCommand/);
  });

  it('is right of what is stored: encrypted with the key, kept in versions, shut to the public, and plain HTTP refused', () => {
    const [bucket] = ofType('AWS::S3::Bucket').filter(([id]) => id === 'Bucket');
    assert.deepEqual(bucket?.[1]['PublicAccessBlockConfiguration'], { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true });
    assert.deepEqual(bucket[1]['VersioningConfiguration'], { Status: 'Enabled' });
    assert.match(JSON.stringify(bucket[1]['BucketEncryption']), /"aws:kms","KMSMasterKeyID":\{"Fn::GetAtt":\["Key","Arn"\]\}/);
    for (const [id, { KmsKeyId }] of ofType('AWS::Logs::LogGroup')) assert.ok(KmsKeyId !== undefined, id);
    for (const [id, { KmsMasterKeyId, SqsManagedSseEnabled }] of [...ofType('AWS::SQS::Queue'), ...ofType('AWS::SNS::Topic')]) {
      assert.ok(KmsMasterKeyId !== undefined || SqsManagedSseEnabled === true, id);
    }
    for (const type of ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']) {
      for (const [id, { PolicyDocument }] of ofType(type)) assert.match(JSON.stringify(PolicyDocument), /"Effect":"Deny".*"aws:SecureTransport":"?false/, id);
    }
  });

  it('is right of the tasks: no privileges, nothing written but /tmp, and a secret as a secret', () => {
    for (const [id, { ContainerDefinitions: containers }] of ofType('AWS::ECS::TaskDefinition')) {
      for (const { ReadonlyRootFilesystem, User, LinuxParameters, Secrets } of containers as Record<string, unknown>[]) {
        assert.equal(ReadonlyRootFilesystem, true, id);
        assert.equal(User, '1000:1000', id);
        assert.deepEqual(LinuxParameters, { Capabilities: { Drop: ['ALL'] } }, id);
        assert.equal((Secrets as unknown[]).length, 1, id);
      }
    }
  });
});
