/** How a command finds a deployed stack by its stage, with the AWS SDK's own clients, and every way in which it may not. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AwsError } from '../../../local/endpoint/aws-error.ts';
import { startEndpoint, type Endpoint } from '../../../local/endpoint/server.ts';
import { createIdentity } from '../../../local/identity/create-identity.ts';
import { createStackDescription, type StackDescription } from '../../../local/stack/create-stack-description.ts';
import { temporaryFolder } from '../../support/servers.ts';
import { ferry } from '../../integration/cli/ferry.ts';
import { credentials, keyVariables, secretOf } from '../../support/keys.ts';

describe('ferry --stage', { concurrency: 1 }, () => {
  let directory: string;
  let endpoint: Endpoint;
  /** What CloudFormation and Step Functions are to answer. */
  let stacks: readonly StackDescription[];
  let refusal: AwsError | undefined;
  let environment: Record<string, string>;

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    directory = await temporaryFolder(started);
    const describeStacks = createStackDescription(() => stacks);
    endpoint = await startEndpoint({ secretOf,
      handlers: {
        sts: createIdentity({ account: '111122223333' }),
        cloudFormation: (operation, parameters) => (refusal === undefined ? describeStacks(operation, parameters) : Promise.reject(refusal)),
        stepFunctions: (operation) => {
          assert.equal(operation, 'ListExecutions');
          return Promise.resolve({ executions: [] });
        },
      },
    });
    started.defer(() => endpoint.close());
    await mkdir(join(directory, '.aws'));
    await writeFile(
      join(directory, '.aws/config'),
      `[profile night]\nregion = eu-central-1\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\n` +
        '[profile lapsed]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Operator\nregion = eu-west-1\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = http://127.0.0.1:9/start\n',
    );
  });
  beforeEach(() => {
    stacks = [stack({})];
    refusal = undefined;
    environment = { HOME: directory, AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'eu-west-1', ...keyVariables() };
  });

  function without(...names: string[]): Record<string, string> {
    return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
  }

  async function ends(words: readonly string[], code: number, stderr: RegExp, variables = environment): Promise<void> {
    const outcome = await ferry([...words, '--stage', 'prod'], { directory, environment: variables });
    assert.match(outcome.stderr, stderr);
    assert.equal(outcome.stdout, '');
    assert.equal(outcome.code, code);
  }

  it('finds state machine, table and bucket in the outputs of the stack of that name', () =>
    ends(['status'], 93, /^ferry: RunNotFound: No run was ever started in the stack aurora-ferry-prod in eu-west-1\.\n/));

  it('takes the endpoint of one service, and the region, from where the SDK and the AWS command line take them', async () => {
    stacks = [];
    const own = { ...without('AWS_ENDPOINT_URL', 'AWS_REGION'), AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint.url, AWS_ENDPOINT_URL_STS: endpoint.url };
    await ends(['status'], 92, /account 111122223333, region eu-south-2\./, { ...own, AWS_DEFAULT_REGION: 'eu-south-2' });
    await ends(['status', '--region', 'eu-north-1'], 92, /region eu-north-1\./, { ...own, AWS_REGION: 'eu-south-2' });
    await ends(['status', '--profile', 'night'], 92, /region eu-central-1\./, own);
  });

  it('says in which account and region there is no such stack', async () => {
    stacks = [stack({ stackName: 'aurora-ferry-dev' })];
    await ends(['status'], 92, /^ferry: StackNotFound: There is no CloudFormation stack aurora-ferry-prod in account 111122223333, region eu-west-1\.\nRemedy: Check --stage, --profile and --region, or deploy/);
  });

  for (const status of ['CREATE_IN_PROGRESS', 'CREATE_FAILED', 'ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_FAILED']) {
    it(`does not use a stack in ${status}`, async () => {
      stacks = [stack({ status, statusReason: 'Resource creation cancelled.' })];
      await ends(['status'], 105, new RegExp(`^ferry: StackNotReady: The stack aurora-ferry-prod is in ${status} \\(Resource creation cancelled\\)\\.\nRemedy: `));
    });
  }

  for (const status of ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS']) {
    it(`looks at a stack in ${status}, but starts nothing on it`, async () => {
      stacks = [stack({ status })];
      await ends(['status'], 93, /^ferry: RunNotFound: /);
      await ends(['start', '--migration', 'm', 'a'], 105, new RegExp(`^ferry: StackNotReady: The stack aurora-ferry-prod is in ${status}\\.`));
      await ends(['redrive'], 105, /^ferry: StackNotReady: /);
    });
  }

  for (const status of ['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']) {
    it(`works with a stack in ${status}`, async () => {
      stacks = [stack({ status })];
      await ends(['redrive'], 93, /^ferry: RunNotFound: /);
    });
  }

  it('names the outputs that a stack of another version lacks', async () => {
    stacks = [stack({ outputs: { BucketName: 'b' } })];
    await ends(['status'], 106, /^ferry: StackOutdated: The stack aurora-ferry-prod has no output StateMachineArn, TableName: another version/);
  });

  it('names missing credentials, an unknown profile, and a missing region', async () => {
    await ends(['status'], 100, /^ferry: CredentialsMissing: .*\nRemedy: Log in \(`aws sso login`\), set AWS_PROFILE/, without('AWS_ACCESS_KEY_ID'));
    await ends(['status', '--profile', 'nobody'], 100, /^ferry: CredentialsMissing: The AWS profile nobody has no credentials, or there is no profile of that name\.\n/);
    await ends(['status'], 103, /^ferry: RegionMissing: No AWS region is chosen\.\nRemedy: Name the stack's region with --region/, without('AWS_REGION'));
  });

  it('names an expired login, before a request and as the answer to one', async () => {
    await ends(['status', '--profile', 'lapsed'], 101, /^ferry: CredentialsExpired: .*\nRemedy: Log in again/);
    refusal = new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
    await ends(['status'], 101, /^ferry: CredentialsExpired: AWS answered ExpiredToken: The security token included in the request is expired\.\n/);
  });

  it('names keys that AWS does not know, and a missing permission', async () => {
    refusal = new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
    await ends(['status'], 102, /^ferry: CredentialsRejected: AWS answered InvalidClientTokenId: /);
    refusal = new AwsError('AccessDenied', 'User: arn:aws:iam::111122223333:user/me is not authorized to perform: cloudformation:DescribeStacks', 403);
    await ends(['status'], 99, /^ferry: NotAuthorized: .*cloudformation:DescribeStacks\.\nRemedy: Attach the stack's OperatorPolicy/);
  });

  it('says that the endpoint does not answer', () =>
    ends(['status'], 96, /^ferry: AwsUnavailable: The AWS endpoint cannot be reached: /, { ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' }));
});

function stack(more: Partial<StackDescription>): StackDescription {
  const outputs = { StateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-ferry-prod', TableName: 'table', BucketName: 'bucket' };
  return { stackName: 'aurora-ferry-prod', stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/aurora-ferry-prod/1', status: 'CREATE_COMPLETE', createdAt: new Date(0), outputs, ...more };
}
