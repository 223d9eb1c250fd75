/** `serverless deploy --stage prod` into an account that has nothing: what CloudFormation is asked for, in which order. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { packageStage } from '../../../scripts/validate/package-stage.ts';
import { deployableParams } from '../../../scripts/validate/templates.ts';
import { type ChangeSet, startRecordingAws } from './recording-aws.ts';

it('a first deployment sends no parameter with the bucket for packages, and every one with the stack', async () => {
  await using aws = await startRecordingAws();
  const { output } = await packageStage({
    stage: 'prod',
    command: 'deploy',
    params: deployableParams,
    environment: { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', SLS_AWS_MONITORING_FREQUENCY: '1' },
  });
  assert.match(output, /Service deployed to stack aurora-ferry-prod/, output);
  assert.deepEqual(aws.changeSets.map(({ type }) => type), ['CREATE', 'UPDATE']);
  const [bucket, stack] = aws.changeSets as [ChangeSet, ChangeSet];
  assert.deepEqual(Object.keys(bucket.template.Resources).sort(), ['ServerlessDeploymentBucket', 'ServerlessDeploymentBucketPolicy']);
  assert.deepEqual(bucket.parameters, {});
  assert.deepEqual(Object.keys(stack.parameters).sort(), Object.keys(stack.template.Parameters ?? {}).sort());
  assert.equal(stack.parameters['SourceSecretArn'], deployableParams['sourceSecretArn']);
});

it('a deployment without its parameters asks AWS for nothing', async () => {
  await using aws = await startRecordingAws();
  const { output } = await packageStage({ stage: 'dev', command: 'deploy', environment: { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } });
  assert.match(output, /vpcId is missing/);
  assert.deepEqual(aws.changeSets, []);
});
