import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../local/endpoint/aws-error.ts';
import { startEndpoint, type Endpoint } from '../../../local/endpoint/server.ts';
import { EcsService } from '../../../local/ecs/ecs-service.ts';
import { HostPool } from '../../../local/ecs/host-pool.ts';
import { ecsRunTaskSync } from '../../../local/ecs/run-task-integration.ts';
import type { LocalTaskDefinition } from '../../../local/template/stack-types.ts';
import { credentials, secretOf } from '../../support/keys.ts';

/** A container's program that does what its variable DO says. */
const program = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export async function run(environment, signal) {
  const { DO, FILE } = environment;
  if (DO === 'print') console.log('printed', environment.TABLE_NAME, environment.SECRET, environment.SECRET_PART, Object.hasOwn(process.env, 'SECRET'));
  if (DO === 'pid') writeFileSync(FILE, String(process.pid));
  if (DO === 'fail') return 40;
  if (DO === 'throw') throw new Error('thrown by the program');
  if (DO === 'crash') process.kill(process.pid, 'SIGKILL');
  if (DO === 'wait') {
    writeFileSync(FILE, 'started');
    try { await sleep(60_000, undefined, { signal }); } catch { return 70; }
  }
  if (DO === 'deaf') {
    spawn('sleep', ['61']);
    writeFileSync(FILE, 'started ' + process.pid);
    await sleep(60_000);
  }
  if (DO === 'brief') await sleep(150);
  return 0;
}
`;

describe('ECS', () => {
  let directory: string;
  let descriptor: number;
  let hosts: HostPool;
  let service: EcsService;
  let endpoint: Endpoint;
  let client: ECSClient;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-ecs-'));
    await writeFile(join(directory, 'work.mjs'), program);
    descriptor = openSync(join(directory, 'hosts.log'), 'a');
    hosts = new HostPool({
      environment: { PATH: process.env['PATH'] ?? '' },
      logDescriptor: descriptor,
      heapMegabytes: 256,
      maxHosts: 2,
      eagerHosts: 2,
      idleShare: () => 0,
      warmHosts: 1,
      maxTasksPerHost: 100,
      maxRssBytes: 1024 ** 3,
    });
    service = new EcsService({
      clusters: [{ logicalId: 'Cluster', name: 'ferry', arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/ferry', properties: {} }],
      taskDefinitions: [definition('work'), definition('other'), definition('absent'), definition('unsecret')],
      hosts,
      programOf: ({ name }) => join(directory, name === 'absent' ? 'absent.mjs' : 'work.mjs'),
      readSecret: (arn) => {
        if (arn === secretArn) return '{"password":"hidden"}';
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      },
      environment: {},
      logDirectory: directory,
      log: () => undefined,
    });
    endpoint = await startEndpoint({ secretOf, handlers: { ecs: service.handler } });
    client = new ECSClient({ endpoint: endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  after(async () => {
    client.destroy();
    await endpoint.close();
    await hosts.close(1);
    closeSync(descriptor);
    await rm(directory, { recursive: true });
  });

  it('runs a task with the variables of its definition, its secrets and its overrides, and logs what it prints', async () => {
    const task = await runToEnd('work', { DO: 'print' });
    assert.equal(task.lastStatus, 'STOPPED');
    assert.equal(task.stopCode, 'EssentialContainerExited');
    assert.equal(task.containers?.[0]?.exitCode, 0);
    assert.ok(task.startedAt instanceof Date && Math.abs(task.startedAt.getTime() - Date.now()) < 60_000);
    const id = task.taskArn?.split('/').at(-1);
    // The last word: secrets are not in the process's own environment, where `ps e` would show them.
    assert.equal(await readFile(join(directory, `${id}.log`), 'utf8'), 'printed table {"password":"hidden"} hidden false\n');
  });

  it('uses a host again for the next task', async () => {
    const files = [join(directory, 'pid-1'), join(directory, 'pid-2')];
    for (const FILE of files) await runToEnd('work', { DO: 'pid', FILE });
    const [first, second] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    assert.equal(first, second);
  });

  it('lists what runs, stops it by SIGTERM, and reports who stopped it', async () => {
    const FILE = join(directory, 'waiting');
    const arn = await start('work', { DO: 'wait', FILE });
    await untilWritten(FILE);
    assert.deepEqual((await client.send(new ListTasksCommand({ cluster: 'ferry', family: 'work' }))).taskArns, [arn]);
    await client.send(new StopTaskCommand({ cluster: 'ferry', task: arn, reason: 'enough' }));
    const task = await untilStopped(arn);
    assert.deepEqual([task.stopCode, task.stoppedReason, task.containers?.[0]?.exitCode], ['UserInitiated', 'enough', 70]);
    assert.deepEqual((await client.send(new ListTasksCommand({ cluster: 'ferry', family: 'work' }))).taskArns, []);
  });

  it('kills a task that does not heed SIGTERM after its stop timeout, with the programs it started', async () => {
    const FILE = join(directory, 'deaf');
    const arn = await start('work', { DO: 'deaf', FILE });
    await untilWritten(FILE);
    const group = (await readFile(FILE, 'utf8')).split(' ')[1]!;
    await client.send(new StopTaskCommand({ cluster: 'ferry', task: arn }));
    const task = await untilStopped(arn);
    assert.equal(task.containers?.[0]?.exitCode, 137);
    assert.equal(processesOfGroup(group), '');
  });

  it('answers the errors of the API', async () => {
    const failing = (input: ConstructorParameters<typeof RunTaskCommand>[0]) => client.send(new RunTaskCommand(input));
    await assert.rejects(failing({ cluster: 'ferry', taskDefinition: 'nothing' }), { name: 'ClientException', message: 'TaskDefinition not found.' });
    await assert.rejects(failing({ cluster: 'nowhere', taskDefinition: 'work' }), { name: 'ClusterNotFoundException' });
    await assert.rejects(failing({ cluster: 'ferry', taskDefinition: 'work', overrides: { containerOverrides: [{ name: 'nobody' }] } }), {
      name: 'InvalidParameterException',
      message: /nobody is not a container/,
    });
    const long = { containerOverrides: [{ name: 'work', environment: [{ name: 'A', value: 'x'.repeat(9_000) }] }] };
    await assert.rejects(failing({ cluster: 'ferry', taskDefinition: 'work', overrides: long }), /at most 8192/);
  });

  it('starts one task for one client token', async () => {
    const input = { cluster: 'ferry', taskDefinition: 'work', clientToken: 'once' };
    const [first, second] = [await client.send(new RunTaskCommand(input)), await client.send(new RunTaskCommand(input))];
    assert.equal(first.tasks?.[0]?.taskArn, second.tasks?.[0]?.taskArn);
  });

  it('takes no more tasks at once than it has hosts, and lets the family with fewer running tasks go first', async () => {
    const files = [join(directory, 'busy-1'), join(directory, 'busy-2')];
    const busy = [];
    for (const FILE of files) busy.push(await start('work', { DO: 'wait', FILE }));
    for (const file of files) await untilWritten(file);
    const waiting = [await start('work', { DO: 'brief' }), await start('work', { DO: 'brief' }), await start('other', { DO: 'brief' })];
    // One host is freed, the other stays busy: what waits runs one after the other.
    await client.send(new StopTaskCommand({ cluster: 'ferry', task: busy[0] }));
    const freedAt = (await untilStopped(busy[0]!)).stoppedAt!.getTime();
    const [work1, work2, other] = await Promise.all(waiting.map(async (arn) => (await untilStopped(arn)).startedAt!.getTime()));
    await client.send(new StopTaskCommand({ cluster: 'ferry', task: busy[1] }));
    await untilStopped(busy[1]!);
    assert.ok(freedAt <= other! && other! <= work1! && work1! <= work2!, `freed ${freedAt}, other ${other}, work ${work1} and ${work2}`);
  });

  it('finishes what was begun before it begins more: a task of an older execution goes before one of a newer', async () => {
    const startOf = async (execution: string): Promise<number> => ((await sync('work', { DO: 'brief' }, undefined, execution)) as { StartedAt: number }).StartedAt;
    await startOf('old');
    const [second, ...others] = await Promise.all(['old', 'a', 'b', 'c', 'd', 'e'].map(startOf));
    assert.ok(second! <= Math.max(...others), `${second} after all of ${others.join(', ')}`);
  });

  describe('runTask.sync', () => {
    it('results in the stopped task, in PascalCase', async () => {
      const result = (await sync('work', { DO: '' })) as { Containers: { ExitCode: number }[]; StopCode: string; Overrides: unknown };
      assert.equal(result.Containers[0]?.ExitCode, 0);
      assert.equal(result.StopCode, 'EssentialContainerExited');
      assert.deepEqual(result.Overrides, { ContainerOverrides: [{ Name: 'work', Environment: [{ Name: 'DO', Value: '' }] }] });
    });

    it('fails with the task as the cause when the exit code is not 0', async () => {
      const cause = await failure('work', { DO: 'fail' });
      assert.equal(cause.Containers[0]?.ExitCode, 40);
      assert.equal(cause.StopCode, 'EssentialContainerExited');
    });

    it('takes an exception of the program for exit code 1 and logs it', async () => {
      const cause = await failure('work', { DO: 'throw' });
      assert.equal(cause.Containers[0]?.ExitCode, 1);
      const log = await readFile(join(directory, `${cause.TaskArn.split('/').at(-1)}.log`), 'utf8');
      assert.match(log, /thrown by the program/);
    });

    it('reports a killed host as 137 and runs the next task on another', async () => {
      const cause = await failure('work', { DO: 'crash' });
      const [container] = cause.Containers;
      assert.equal(container?.ExitCode, 137);
      assert.match(container.Reason ?? '', /SIGKILL/);
      await sync('work', { DO: '' });
    });

    it('reports a program that is not there like an image that cannot be pulled: without an exit code', async () => {
      const cause = await failure('absent', {});
      assert.equal(cause.StopCode, 'TaskFailedToStart');
      assert.match(cause.StoppedReason, /^CannotPullContainerError/);
      assert.ok(!('ExitCode' in cause.Containers[0]!));
    });

    it('reports a secret that is not there', async () => {
      const cause = await failure('unsecret', {});
      assert.equal(cause.StopCode, 'TaskFailedToStart');
      assert.match(cause.StoppedReason, /^ResourceInitializationError: .*can't find the specified secret/);
    });

    it('names errors of RunTask as Step Functions does', async () => {
      const call = ecsRunTaskSync(service)({ Cluster: 'ferry', TaskDefinition: 'nothing' }, taskContext());
      await assert.rejects(call, { error: 'ECS.ClientException' });
    });

    it('stops the task when the state is aborted', async () => {
      const FILE = join(directory, 'aborted');
      const controller = new AbortController();
      const running = sync('work', { DO: 'wait', FILE }, controller.signal);
      await untilWritten(FILE);
      controller.abort(new Error('the state was aborted'));
      await assert.rejects(running, /the state was aborted/);
      assert.deepEqual((await client.send(new ListTasksCommand({ cluster: 'ferry', family: 'work' }))).taskArns, []);
    });

    it('never starts a task that is stopped while it waits for a host', async () => {
      const controller = new AbortController();
      const busy = [sync('work', { DO: 'brief' }), sync('work', { DO: 'brief' })];
      const FILE = join(directory, 'never');
      const waiting = sync('work', { DO: 'pid', FILE }, controller.signal);
      controller.abort(new Error('not any more'));
      await assert.rejects(waiting, /not any more/);
      await Promise.all(busy);
      assert.ok(!(await readdir(directory)).includes('never'));
    });
  });

  it('lets no host and no program of a task outlive a runtime that is killed', async () => {
    const FILE = join(directory, 'orphan');
    const runtime = spawn(process.execPath, [join(import.meta.dirname, 'runtime-to-kill.ts'), join(directory, 'work.mjs'), FILE], { stdio: 'inherit' });
    await untilWritten(FILE);
    const group = (await readFile(FILE, 'utf8')).split(' ')[1]!;
    assert.notEqual(processesOfGroup(group), '');
    runtime.kill('SIGKILL');
    await once(runtime, 'exit');
    const deadline = Date.now() + 10_000;
    while (processesOfGroup(group) !== '' && Date.now() < deadline) await sleep(50);
    assert.equal(processesOfGroup(group), '');
  });

  async function start(family: string, variables: Record<string, string>): Promise<string> {
    const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
    const { tasks } = await client.send(
      new RunTaskCommand({ cluster: 'ferry', taskDefinition: family, overrides: { containerOverrides: [{ name: family, environment }] } }),
    );
    return tasks![0]!.taskArn!;
  }

  async function runToEnd(family: string, variables: Record<string, string>) {
    return untilStopped(await start(family, variables));
  }

  async function untilStopped(arn: string) {
    for (;;) {
      const { tasks } = await client.send(new DescribeTasksCommand({ cluster: 'ferry', tasks: [arn] }));
      if (tasks![0]!.lastStatus === 'STOPPED') return tasks![0]!;
      await sleep(10);
    }
  }

  function sync(family: string, variables: Record<string, string>, signal = new AbortController().signal, execution?: string) {
    const environment = Object.entries(variables).map(([Name, Value]) => ({ Name, Value }));
    const parameters = { Cluster: 'ferry', TaskDefinition: family, LaunchType: 'FARGATE', Overrides: { ContainerOverrides: [{ Name: family, Environment: environment }] } };
    return ecsRunTaskSync(service)(parameters, taskContext(signal, execution));
  }

  async function failure(family: string, variables: Record<string, string>): Promise<Cause> {
    const error = await sync(family, variables).then(
      () => assert.fail('the task succeeded'),
      (thrown: unknown) => thrown as { error: string; cause: string },
    );
    assert.equal(error.error, 'States.TaskFailed');
    return JSON.parse(error.cause) as Cause;
  }
});

interface Cause {
  TaskArn: string;
  StopCode: string;
  StoppedReason: string;
  Containers: { ExitCode?: number; Reason?: string }[];
}

const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:source-abc123';

function definition(family: string): LocalTaskDefinition {
  const secrets = family === 'unsecret' ? { SECRET: `${secretArn}-other` } : { SECRET: secretArn, SECRET_PART: `${secretArn}:password::` };
  return {
    logicalId: family,
    family,
    arn: `arn:aws:ecs:us-east-1:000000000000:task-definition/${family}:1`,
    cpu: '256',
    memory: '512',
    taskRoleArn: undefined,
    executionRoleArn: undefined,
    ephemeralStorageGigabytes: 20,
    containers: [{ name: family, image: `example/${family}`, environment: { TABLE_NAME: 'table' }, secrets, stopTimeoutSeconds: 0.5, log: undefined }],
  };
}

let executions = 0;

function taskContext(signal = new AbortController().signal, execution = `e${(executions += 1)}`) {
  return { signal, executionArn: `arn:aws:states:us-east-1:000000000000:execution:m:${execution}`, stateName: 'State', roleArn: 'arn:aws:iam::000000000000:role/none' };
}

async function untilWritten(file: string): Promise<void> {
  for (;;) {
    if (await readFile(file, 'utf8').then((text) => text !== '', () => false)) return;
    await sleep(10);
  }
}

/** The command lines of a process group; empty when nobody of it is left (a zombie is gone). */
function processesOfGroup(group: string): string {
  const lines = execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.trim().startsWith(`${group} `) && !/^\s*\d+\s+Z/.test(line)).join('\n');
}
