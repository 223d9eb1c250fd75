/** The rules of scripts/validate/rules against a template that is right (`npm run validate` does the same for all rules), and against what each of them is there for. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mysqlCacheDirectory } from '../../../local/mysql/install.ts';
import { packageService } from '../../../local/package/package-service.ts';
import { runCfnGuard } from '../../../scripts/validate/cfn-guard.ts';
import { judge } from '../../../scripts/validate/findings.ts';
import { cfnGuardWaivers } from '../../../scripts/validate/waivers.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  [attribute: string]: unknown;
}
type Resources = Record<string, Resource>;

let directory: string;
let template: { Resources: Resources };

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ferry-guard-'));
  const packaged = await packageService({ projectDirectory: join(import.meta.dirname, '../../..'), log: () => undefined });
  template = packaged.template as typeof template;
});
after(() => rm(directory, { recursive: true, force: true }));

/** `rule resource` of what is found and not waived, once the template has been changed. */
async function findings(change: (resources: Resources) => void): Promise<string[]> {
  const changed = structuredClone(template);
  change(changed.Resources);
  const file = join(directory, 'template.json');
  await writeFile(file, JSON.stringify(changed));
  const { findings: all } = await runCfnGuard([{ name: 'changed', file }], join(mysqlCacheDirectory(process.env), 'validators'), ['own']);
  return judge(all, cfnGuardWaivers).open.map(({ rule, resource }) => `${rule} ${resource}`).sort();
}

/** The object or list at a path of property names and indexes. */
function at(resources: Resources, id: string, ...path: (string | number)[]): Record<string | number, unknown> {
  let value: unknown = resources[id]?.Properties;
  for (const step of path) value = (value as Record<string | number, unknown>)[step];
  return value as Record<string | number, unknown>;
}

describe('the rules of cfn-guard', () => {
  it('find nothing in the packaged template but what is accepted with a reason', async () => {
    assert.deepEqual(await findings(() => undefined), []);
  });

  it('find a function on another processor, and events that would be lost', async () => {
    const found = await findings((resources) => {
      at(resources, 'TallyOutcomesLambdaFunction')['Architectures'] = ['x86_64'];
      delete at(resources, 'BranchEndedRule', 'Targets', 0)['DeadLetterConfig'];
      delete at(resources, 'DumpUploadedPermission')['SourceArn'];
      delete at(resources, 'RegisterDumpLambdaEvConf')['DestinationConfig'];
    });
    assert.deepEqual(found, [
      'asynchronous_failures_are_kept RegisterDumpLambdaEvConf',
      'events_are_kept BranchEndedRule',
      'functions_called_by_nobody_else DumpUploadedPermission',
      'functions_run_on_a_current_runtime TallyOutcomesLambdaFunction',
    ]);
  });

  it('find a container that is root, can write, or is killed early', async () => {
    for (const [property, value] of Object.entries({ User: '0:0', ReadonlyRootFilesystem: false, StopTimeout: 30, Privileged: true })) {
      const found = await findings((resources) => {
        at(resources, 'ImportTaskDefinition', 'ContainerDefinitions', 0)[property] = value;
      });
      assert.ok(found.includes('containers_are_confined ImportTaskDefinition'), `${property}: ${found.join(', ')}`);
    }
  });

  it('find data that is readable, unencrypted, or lost with the stack', async () => {
    const found = await findings((resources) => {
      delete resources['Table']?.['DeletionPolicy'];
      at(resources, 'Bucket', 'PublicAccessBlockConfiguration')['BlockPublicPolicy'] = false;
      at(resources, 'Bucket', 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault')['SSEAlgorithm'] = 'AES256';
      delete at(resources, 'DeadLetterTopic')['KmsMasterKeyId'];
      delete at(resources, 'FailedEventsQueue')['SqsManagedSseEnabled'];
      delete at(resources, 'DumpLogGroup')['RetentionInDays'];
      at(resources, 'Key')['EnableKeyRotation'] = false;
    });
    for (const expected of [
      'tables_are_kept_safely Table', 'buckets_are_private Bucket', 'dumps_are_kept_safely Bucket', 'topics_are_encrypted DeadLetterTopic',
      'queues_are_encrypted FailedEventsQueue', 'log_groups_end_and_are_encrypted DumpLogGroup', 'keys_rotate Key',
    ]) assert.ok(found.includes(expected), `${expected} is not in ${found.join(', ')}`);
  });

  it('find a group that admits addresses, and a role that may do anything', async () => {
    const found = await findings((resources) => {
      at(resources, 'SecurityGroup')['SecurityGroupIngress'] = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }];
      at(resources, 'DumpTaskRole', 'Policies', 0, 'PolicyDocument', 'Statement', 0)['Action'] = 's3:*';
      at(resources, 'UseKeyForRecords', 'PolicyDocument', 'Statement', 0)['Action'] = ['kms:*'];
      at(resources, 'StateMachine')['TracingConfiguration'] = { Enabled: false };
    });
    for (const expected of [
      'groups_admit_no_address SecurityGroup', 'roles_name_what_they_may DumpTaskRole', 'policies_name_what_they_may UseKeyForRecords',
      'machines_are_observed StateMachine',
    ]) assert.ok(found.includes(expected), `${expected} is not in ${found.join(', ')}`);
  });
});
