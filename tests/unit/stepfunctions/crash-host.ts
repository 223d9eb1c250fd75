/**
 * A process to be killed: runs a service over the folder argv[2] with the definition argv[3] and one execution of the
 * input argv[4]. Every call of a Task is printed as a line; given `"hang"` it hangs, given `"die"` it kills the process
 * at once, so that nothing is on disk that was not there when the Task was called.
 */
import { writeSync } from 'node:fs';
import { StepFunctionsService } from '../../../local/stepfunctions/service.ts';
import { systemClock } from '../../../local/stepfunctions/clock.ts';
import { machineArn, memoryObjects } from './harness.ts';

const [, , directory = '', definition = '', input = ''] = process.argv;

const service = new StepFunctionsService({
  directory,
  region: 'us-east-1',
  accountId: '000000000000',
  stateMachines: [{ name: 'machine', arn: machineArn, roleArn: 'arn:aws:iam::000000000000:role/machine', definition }],
  integrations: () => (parameters, { stateName }) => {
    writeSync(process.stdout.fd, `${stateName} ${JSON.stringify(parameters)}\n`);
    if (parameters === 'die') process.kill(process.pid, 'SIGKILL');
    return parameters === 'hang' ? new Promise(() => undefined) : Promise.resolve(parameters);
  },
  objects: memoryObjects().store,
  clock: systemClock,
  random: Math.random,
  onStatusChange: () => undefined,
});
await service.start();
await service.handle('StartExecution', { stateMachineArn: machineArn, name: 'run', input });
setInterval(() => undefined, 1_000);
