import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { startEndpoint, type Endpoint } from '../../../local/endpoint/server.ts';
import { LambdaService } from '../../../local/lambda/lambda-service.ts';
import { lambdaFunction, lambdaInvoke } from '../../../local/lambda/invoke-integration.ts';
import type { TaskContext } from '../../../local/stepfunctions/integrations/types.ts';
import type { LocalFunction } from '../../../local/template/stack-types.ts';
import { credentials, secretOf } from '../../support/keys.ts';

/** One module whose handler does what its event says. */
const program = `
exports.handler = async (event, context) => {
  console.log('called with', JSON.stringify(event));
  if (event.do === 'echo') return { event, environment: process.env.GREETING, endpoint: process.env.AWS_ENDPOINT_URL, secret: process.env.FERRY_SOURCE_PASSWORD };
  if (event.do === 'context') return { name: context.functionName, memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() };
  if (event.do === 'throw') throw Object.assign(new Error('no such database'), { name: 'UnknownDatabase' });
  if (event.do === 'throw text') throw 'just text';
  if (event.do === 'nameless') throw Object.assign(new Error('nobody knows'), { name: '' });
  if (event.do === 'loop') for (;;);
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'eat') { const eaten = []; for (;;) eaten.push(new Array(100_000).fill({ eaten: eaten.length })); }
  if (event.do === 'flaky') {
    const { appendFileSync, readFileSync } = require('node:fs');
    appendFileSync(event.file, 'x');
    if (readFileSync(event.file, 'utf8').length < 2) throw new Error('not yet');
  }
  globalThis.calls = (globalThis.calls ?? 0) + 1;
  return globalThis.calls;
};
`;

describe('Lambda', () => {
  let directory: string;
  let service: LambdaService;
  let endpoint: Endpoint;
  let client: LambdaClient;
  const logged: string[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-lambda-'));
    await writeFile(join(directory, 'handler.cjs'), program);
    await writeFile(join(directory, 'broken.cjs'), "require('./nowhere.js');");
    service = new LambdaService({
      functions: [
        definition('work', { timeoutSeconds: 10 }),
        definition('hurried', { timeoutSeconds: 0.3 }),
        definition('small', { memoryMegabytes: 16, timeoutSeconds: 20 }),
        definition('broken', { handler: 'broken.handler' }),
        definition('misnamed', { handler: 'handler.nothing' }),
      ],
      codeDirectory: () => directory,
      environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'us-east-1' },
      logDirectory: directory,
      compileCacheDirectory: join(directory, 'cache'),
      log: (message) => logged.push(message),
    });
    endpoint = await startEndpoint({ secretOf, handlers: { lambda: service.handler } });
    client = new LambdaClient({ endpoint: endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  after(async () => {
    client.destroy();
    await endpoint.close();
    await service.close();
    await rm(directory, { recursive: true });
  });

  it('answers an invocation with the result, in an environment of the function alone', async () => {
    process.env['FERRY_SOURCE_PASSWORD'] = 'must not reach functions';
    const { StatusCode, Payload, FunctionError } = await client.send(new InvokeCommand({ FunctionName: 'work', Payload: JSON.stringify({ do: 'echo' }) }));
    assert.equal(StatusCode, 200);
    assert.equal(FunctionError, undefined);
    assert.deepEqual(JSON.parse(Payload!.transformToString()), { event: { do: 'echo' }, environment: 'hello', endpoint: 'http://127.0.0.1:1' });
    delete process.env['FERRY_SOURCE_PASSWORD'];
  });

  it('gives the handler its context', async () => {
    const outcome = await service.invoke('work', '{"do":"context"}');
    assert.ok('result' in outcome);
    const { name, memory, left } = JSON.parse(outcome.result) as { name: string; memory: string; left: number };
    assert.deepEqual({ name, memory }, { name: 'work', memory: '128' });
    assert.ok(left > 0 && left <= 10_000);
  });

  it('answers a thrown error as Lambda does, and says so in the header', async () => {
    const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: 'work', Payload: '{"do":"throw"}' }));
    assert.equal(FunctionError, 'Unhandled');
    const error = JSON.parse(Payload!.transformToString()) as { errorType: string; errorMessage: string; trace: string[] };
    assert.equal(error.errorType, 'UnknownDatabase');
    assert.equal(error.errorMessage, 'no such database');
    assert.match(error.trace.join('\n'), /no such database/);
  });

  it('answers ResourceNotFoundException for a function that is not there', async () => {
    await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'nobody' })), { name: 'ResourceNotFoundException' });
  });

  it('keeps a function warm: its module lives on between invocations', async () => {
    const numbers: number[] = [];
    for (let call = 0; call < 3; call += 1) numbers.push(await resultOf('{"do":"count"}'));
    assert.deepEqual(numbers.map((number) => number - numbers[0]!), [0, 1, 2]);
  });

  it('kills a runaway invocation at its timeout and serves the next one', async () => {
    const [runaway, next] = await Promise.all([service.invoke('hurried', '{"do":"loop"}'), service.invoke('hurried', '{"do":"echo"}')]);
    assert.ok('error' in runaway);
    assert.equal(runaway.error.errorType, 'Sandbox.Timedout');
    assert.match(runaway.error.errorMessage, /Task timed out after 0\.30 seconds/);
    assert.ok('result' in next);
  });

  it('reports a handler that exits, or eats its memory, and goes on with a new worker', async () => {
    const exited = await service.invoke('work', '{"do":"exit"}');
    assert.ok('error' in exited);
    assert.equal(exited.error.errorType, 'Runtime.ExitError');
    assert.match(exited.error.errorMessage, /exit status 3/);
    const eaten = await service.invoke('small', '{"do":"eat"}');
    assert.ok('error' in eaten);
    assert.equal(eaten.error.errorType, 'Runtime.OutOfMemory');
    assert.equal(await resultOf('{"do":"count"}'), 1);
  });

  it('answers the error of a module that cannot be loaded, each time', async () => {
    for (let call = 0; call < 2; call += 1) {
      const outcome = await service.invoke('broken', '{}');
      assert.ok('error' in outcome);
      assert.match(outcome.error.errorMessage, /Cannot find module '\.\/nowhere\.js'/);
    }
    const misnamed = await service.invoke('misnamed', '{}');
    assert.ok('error' in misnamed);
    assert.equal(misnamed.error.errorType, 'Runtime.HandlerNotFound');
  });

  it('writes what a function prints to its log file', async () => {
    await service.invoke('work', '{"do":"log me"}');
    assert.match(await readFile(join(directory, 'lambda-work.log'), 'utf8'), /called with \{"do":"log me"\}/);
  });

  it('tries an asynchronous invocation again', async () => {
    const file = join(directory, 'flaky');
    await service.invokeAsynchronously('work', JSON.stringify({ do: 'flaky', file }));
    assert.equal(await readFile(file, 'utf8'), 'xx');
    assert.deepEqual(logged, []);
  });

  describe('as a Task of Step Functions', () => {
    it('lambda:invoke wraps the result', async () => {
      const result = await lambdaInvoke(service)({ FunctionName: arnOf('work'), Payload: { do: 'echo' } }, task());
      assert.deepEqual(result, {
        ExecutedVersion: '$LATEST',
        Payload: { event: { do: 'echo' }, environment: 'hello', endpoint: 'http://127.0.0.1:1' },
        StatusCode: 200,
      });
    });

    it("a function's ARN gives the bare result", async () => {
      const result = await lambdaFunction(service, arnOf('work'))({ do: 'context' }, task());
      assert.equal((result as { name: string }).name, 'work');
    });

    it('fails with the name of the error and its object as the cause', async () => {
      await assert.rejects(lambdaInvoke(service)({ FunctionName: 'work', Payload: { do: 'throw' } }, task()), (error: { error: string; cause: string }) => {
        assert.equal(error.error, 'UnknownDatabase');
        assert.equal((JSON.parse(error.cause) as { errorMessage: string }).errorMessage, 'no such database');
        return true;
      });
      await assert.rejects(lambdaInvoke(service)({ FunctionName: 'work', Payload: { do: 'throw text' } }, task()), { error: 'string' });
      await assert.rejects(lambdaInvoke(service)({ FunctionName: 'work', Payload: { do: 'nameless' } }, task()), { error: 'Lambda.Unknown' });
      await assert.rejects(lambdaInvoke(service)({ FunctionName: 'nobody' }, task()), { error: 'Lambda.ResourceNotFoundException' });
    });

    it('stops waiting when the state is aborted', async () => {
      const controller = new AbortController();
      const waiting = lambdaInvoke(service)({ FunctionName: 'hurried', Payload: { do: 'loop' } }, task(controller.signal));
      controller.abort(new Error('stopped'));
      await assert.rejects(waiting, /stopped/);
    });
  });

  async function resultOf(event: string): Promise<number> {
    const outcome = await service.invoke('work', event);
    assert.ok('result' in outcome);
    return JSON.parse(outcome.result) as number;
  }
});

function definition(name: string, changes: Partial<LocalFunction>): LocalFunction {
  return {
    logicalId: name,
    name,
    arn: arnOf(name),
    handler: 'handler.handler',
    artifact: `${name}.zip`,
    environment: { GREETING: 'hello' },
    timeoutSeconds: 5,
    memoryMegabytes: 128,
    roleArn: 'arn:aws:iam::000000000000:role/none',
    logGroup: `/aws/lambda/${name}`,
    inVpc: false,
    ...changes,
  };
}

function arnOf(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

function task(signal = new AbortController().signal): TaskContext {
  return { signal, executionArn: 'arn:aws:states:us-east-1:000000000000:execution:m:e', stateName: 'State', roleArn: 'arn:aws:iam::000000000000:role/none' };
}
