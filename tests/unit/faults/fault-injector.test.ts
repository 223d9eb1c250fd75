/** The faults that the chaos suite has the local runtime's services do. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../../local/endpoint/aws-error.ts';
import type { HttpHandler } from '../../../local/endpoint/handlers.ts';
import type { SignedRequest } from '../../../local/endpoint/signatures/check.ts';
import { FaultInjector } from '../../../local/faults/fault-injector.ts';
import type { FaultSettingsInput } from '../../../local/faults/fault-settings.ts';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';

/** What no handler of these tests looks at: signatures are checked before one is called. */
const unsigned: SignedRequest = {
  accessKeyId: '', payload: '', signature: '', longDate: '', scope: '', sign: () => Promise.resolve(''),
};

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ferry-faults-'));
  file = join(directory, 'faults.json');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(settings: FaultSettingsInput): void {
  writeFileSync(file, JSON.stringify(settings));
}

function counting(): { readonly handler: () => Promise<string>; readonly calls: () => number } {
  let calls = 0;
  return { handler: () => Promise.resolve(`answer ${(calls += 1)}`), calls: () => calls };
}

describe('a file of faults', () => {
  it('has every nth call refused, at most so many, and tells how many it was', async () => {
    write({ faults: [{ id: 'a', service: 'dynamodb', operations: ['UpdateItem'], answer: 'throttled', every: 2, times: 2 }] });
    const { handler, calls } = counting();
    const dynamodb = new FaultInjector(file).dynamodb(handler);
    const answers: string[] = [];
    for (let n = 0; n < 7; n += 1) answers.push(await dynamodb('UpdateItem', {}).then(String, (error: unknown) => (error as AwsError).code));
    const refused = 'ProvisionedThroughputExceededException';
    assert.deepEqual(answers, [refused, 'answer 1', refused, 'answer 2', 'answer 3', 'answer 4', 'answer 5']);
    assert.equal(await dynamodb('GetItem', {}), 'answer 6');
    assert.equal(calls(), 6);
    assert.equal(readFileSync(`${file}.met`, 'utf8'), 'a dynamodb UpdateItem\n'.repeat(2));
  });

  it('loses an answer after the work is done, and does work twice', async () => {
    write({ faults: [{ id: 'a', service: 'dynamodb', answer: 'lost' }, { id: 'b', service: 'states', answer: 'twice' }] });
    const injector = new FaultInjector(file);
    const [lost, twice] = [counting(), counting()];
    await assert.rejects(injector.dynamodb(lost.handler)('PutItem', {}), AwsError);
    assert.equal(lost.calls(), 1);
    assert.equal(await injector.stepFunctions(twice.handler)('StartExecution', {}), 'answer 2');
  });

  it('may be replaced while the runtime works, and sets its clock', async () => {
    write({});
    const injector = new FaultInjector(file);
    const { handler } = counting();
    assert.equal(await injector.dynamodb(handler)('PutItem', {}), 'answer 1');
    write({ faults: [{ id: 'a', service: 'dynamodb', answer: 'failed' }], clock: { offsetMilliseconds: -3_600_000 } });
    await assert.rejects(injector.dynamodb(handler)('PutItem', {}), { code: 'InternalServerError' });
    assert.ok(injector.clock.now() < Date.now() - 3_000_000);
  });

  it('names what is wrong in it', () => {
    write({ faults: [{ id: 'a', service: 'dynamodb', answer: 'melted' as 'lost' }] });
    assert.throws(() => new FaultInjector(file), { name: 'InvalidInput', message: /AURORA_FERRY_FAULTS.*faults\[0\]\.answer/s });
  });
});

describe("a state machine's call", () => {
  it('fails under the name that Step Functions gives it, and a task whose start is not heard of goes on', async () => {
    write({ faults: [{ id: 'a', service: 'ecs', answer: 'lost', times: 1 }, { id: 'b', service: 'lambda', about: 'gate', answer: 'throttled' }] });
    const { handler, calls } = counting();
    const integrations = new FaultInjector(file).integrations(() => handler);
    const task = { signal: new AbortController().signal, executionArn: 'e', stateName: 'DumpDatabase', roleArn: 'r' };
    await assert.rejects(integrations('arn:aws:states:::ecs:runTask.sync')!({}, task), (error) => error instanceof StatesError && error.error === 'ECS.ServerException');
    assert.equal(calls(), 1);
    assert.equal(await integrations('arn:aws:states:::lambda:invoke')!({ FunctionName: 'other' }, task), 'answer 2');
    await assert.rejects(integrations('arn:aws:states:::lambda:invoke')!({ FunctionName: 'the-gate' }, task), (error) => error instanceof StatesError && error.error === 'Lambda.TooManyRequestsException');
  });
});

describe('a body of S3', () => {
  const body = Buffer.alloc(100_000, 'x');
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function request(answer: 'truncated' | 'stalled'): Promise<Response> {
    write({ faults: [{ id: 'a', service: 's3', operations: ['GET'], answer }] });
    const whole: HttpHandler = (_, response) => {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 60_000));
      response.end(body.subarray(60_000));
      return Promise.resolve();
    };
    const handler = new FaultInjector(file).s3(whole);
    server = createServer((incoming, response) => void handler(incoming, response, unsigned)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/key`);
  }

  it('ends half-way', async () => {
    await assert.rejects((await request('truncated')).arrayBuffer());
  });

  it('falls silent half-way', async () => {
    const response = await request('stalled');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let received = 0;
    const read = async (): Promise<string> => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'ended';
        received += value.length;
      }
    };
    const ended = read();
    while (received < body.length / 2) await sleep(5);
    assert.equal(await Promise.race([ended, sleep(300, 'silent')]), 'silent');
    assert.equal(received, body.length / 2);
    await reader.cancel();
  });
});
