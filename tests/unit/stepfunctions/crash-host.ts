/**
 * A process to be killed: runs a service over the folder argv[2] with the definition argv[3] and one execution of the
 * input argv[4]. Its Tasks hang when they are given `"hang"`; every call is printed as a line before it does anything.
 */
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
    process.stdout.write(`${stateName} ${JSON.stringify(parameters)}\n`);
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
