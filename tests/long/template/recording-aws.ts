/**
 * Answers `serverless deploy` in the place of AWS, as a new account would, and keeps what CloudFormation was asked for. Not an
 * emulator: nothing is created, and every change set succeeds if CloudFormation would take its parameters.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ChangeSet {
  readonly type: string;
  readonly template: { readonly Resources: Readonly<Record<string, unknown>>; readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>> };
  readonly parameters: Readonly<Record<string, string>>;
}

export interface RecordingAws extends AsyncDisposable {
  readonly url: string;
  readonly changeSets: readonly ChangeSet[];
}

export async function startRecordingAws(): Promise<RecordingAws> {
  const changeSets: ChangeSet[] = [];
  const objects = new Map<string, string>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      if (request.method === 'POST' && request.url === '/') answer(response, queryAnswer(new URLSearchParams(body), changeSets, objects));
      else answer(response, objectAnswer(request, body, objects));
    })().catch((error: unknown) => {
      answer(response, { status: 500, body: String(error) });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changeSets,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const stackId = 'arn:aws:cloudformation:eu-central-1:000000000000:stack/aurora-ferry-prod/1';

function queryAnswer(query: URLSearchParams, changeSets: ChangeSet[], objects: ReadonlyMap<string, string>): Answer {
  const action = query.get('Action') ?? '';
  const stack = `<member><StackName>aurora-ferry-prod</StackName><StackId>${stackId}</StackId><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus></member>`;
  switch (action) {
    case 'GetCallerIdentity':
      return result(action, '<Account>000000000000</Account><Arn>arn:aws:iam::000000000000:user/test</Arn><UserId>test</UserId>');
    case 'DescribeStacks':
      return changeSets.length === 0 ? refusal('Stack with id aurora-ferry-prod does not exist') : result(action, `<Stacks>${stack}</Stacks>`);
    case 'CreateChangeSet': {
      const changeSet = readChangeSet(query, objects);
      const flaw = flawOf(changeSet);
      if (flaw !== undefined) return refusal(flaw);
      changeSets.push(changeSet);
      return result(action, `<Id>${stackId}/changes</Id><StackId>${stackId}</StackId>`);
    }
    case 'DescribeChangeSet':
      return result(action, `<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><StackId>${stackId}</StackId><Changes><member><Type>Resource</Type></member></Changes>`);
    case 'DescribeStackEvents': {
      const status = changeSets.length === 1 ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
      const event = `<EventId>${changeSets.length}</EventId><StackId>${stackId}</StackId><StackName>aurora-ferry-prod</StackName><LogicalResourceId>aurora-ferry-prod</LogicalResourceId><PhysicalResourceId>${stackId}</PhysicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>${status}</ResourceStatus><Timestamp>${new Date().toISOString()}</Timestamp>`;
      return result(action, `<StackEvents><member>${event}</member></StackEvents>`);
    }
    case 'DescribeStackResource':
      return result(action, '<StackResourceDetail><PhysicalResourceId>packages</PhysicalResourceId></StackResourceDetail>');
    case 'DeleteChangeSet':
    case 'ExecuteChangeSet':
    case 'ValidateTemplate':
    case 'ListStackResources':
    case 'SetStackPolicy':
      return result(action, '');
    default:
      return refusal(`nobody expected ${action}`);
  }
}

/** As CloudFormation does: each parameter of the template needs a value, and no other may have one. */
function flawOf({ template, parameters }: ChangeSet): string | undefined {
  const declared = template.Parameters ?? {};
  const unknown = Object.keys(parameters).filter((name) => declared[name] === undefined);
  if (unknown.length > 0) return `Parameters: [${unknown.join(', ')}] do not exist in the template`;
  const missing = Object.entries(declared).flatMap(([name, { Default }]) => (Default === undefined && parameters[name] === undefined ? [name] : []));
  return missing.length > 0 ? `Parameters: [${missing.join(', ')}] must have values` : undefined;
}

function readChangeSet(query: URLSearchParams, objects: ReadonlyMap<string, string>): ChangeSet {
  const url = query.get('TemplateURL');
  const template = url === null ? query.get('TemplateBody') : objects.get(decodeURIComponent(new URL(url).pathname));
  const parameters: Record<string, string> = {};
  for (let at = 1; query.has(`Parameters.member.${at}.ParameterKey`); at += 1) {
    parameters[query.get(`Parameters.member.${at}.ParameterKey`) ?? ''] = query.get(`Parameters.member.${at}.ParameterValue`) ?? '';
  }
  return { type: query.get('ChangeSetType') ?? '', template: JSON.parse(template ?? 'null') as ChangeSet['template'], parameters };
}

/** S3: what was put is kept as text, which is enough for templates. */
function objectAnswer(request: IncomingMessage, body: string, objects: Map<string, string>): Answer {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://s3').pathname);
  if (request.method === 'PUT') objects.set(path, body);
  if (request.method === 'HEAD' && path.split('/').filter((part) => part !== '').length > 1 && !objects.has(path)) return { status: 404, body: '' };
  return { status: 200, body: request.method === 'GET' ? '<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>' : '' };
}

function result(action: string, content: string): Answer {
  return { status: 200, body: `<${action}Response><${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>` };
}

function refusal(message: string): Answer {
  return { status: 400, body: `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>` };
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(body);
}
