/**
 * A process to be killed: runs a service over the folder argv[2] with the definition argv[3] and one execution of the
 * input argv[4] (`redrive` goes on with it). Every call of a Task is printed as a line; call number argv[5] kills the
 * process at once, so that nothing is on disk that was not there when the Task was called. Given `"hang"` a Task hangs.
 */
import { writeSync } from 'node:fs';
import { StepFunctionsService } from '../../../local/stepfunctions/service.ts';
import { systemClock } from '../../../local/stepfunctions/clock.ts';
import { machineArn, memoryObjects } from './harness.ts';

const [, , directory = '', definition = '', input = '', lastCall = ''] = process.argv;
let calls = 0;

const objects = memoryObjects().store;
const service = new StepFunctionsService({
  directory,
  region: 'us-east-1',
  accountId: '000000000000',
  stateMachines: [{ name: 'machine', arn: machineArn, roleArn: 'arn:aws:iam::000000000000:role/machine', definition }],
  integrations: () => (parameters, { stateName }) => {
    writeSync(process.stdout.fd, `${stateName} ${JSON.stringify(parameters)}\n`);
    calls += 1;
    if (calls === Number(lastCall)) process.kill(process.pid, 'SIGKILL');
    return parameters === 'hang' ? new Promise(() => undefined) : Promise.resolve(parameters);
  },
  objects: () => objects,
  clock: systemClock,
  random: Math.random,
  onStatusChange: () => undefined,
});
await service.start();
const executionArn = `${machineArn.replace('stateMachine', 'execution')}:run`;
if (input === 'redrive') await service.handle('RedriveExecution', { executionArn });
else await service.handle('StartExecution', { stateMachineArn: machineArn, name: 'run', input });
setInterval(() => undefined, 1_000);
