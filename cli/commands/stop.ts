/** `ferry stop`: stops a run; `ferry redrive` continues it. */
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { Command, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print } from '../context.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { noteAction } from '../operator-actions.ts';
import { hasEnded } from '../estimate.ts';
import { chooseRun } from '../runs.ts';
import { runChoiceOptions, runChoiceShape } from './status.ts';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Stop a run; `ferry redrive` continues it.',
  positionals: '',
  description: [
    'Branches that are running are aborted: their tasks are told to stop and clean up, and their records and slots are put right. Nothing that is verified is touched.',
  ],
  options: {
    ...runChoiceOptions,
    reason: { value: 'TEXT', help: "Kept as the cause on the run's page." },
    ...deploymentOptions,
  },
  examples: ['ferry stop --reason "the window closes"'],
  run: stop,
};

const optionsSchema = z.object({ ...runChoiceShape, reason: z.string().max(1000, 'must be at most 1000 characters').optional() });

async function stop(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const deployment = await connectDeployment(context, values);
  const run = await chooseRun(deployment, options);
  if (hasEnded(run)) {
    print(context.stderr, `The run ${run.name} has ended already (${run.status}); nothing was stopped.`);
    return 0;
  }
  await deployment.stepFunctions.send(
    new StopExecutionCommand({ executionArn: run.arn, error: 'StoppedByOperator', cause: options.reason ?? 'Stopped by `ferry stop`.' }),
  );
  await noteAction(context, deployment, run, 'stop');
  print(context.stderr, `Stopped run ${run.name}.`);
  print(context.stderr, 'Running branches are aborted: their tasks are told to stop, half-loaded copies carry their marker and are reloaded later.');
  print(context.stderr, `Continue with: ${['ferry redrive --run', run.name, deployment.selection].join(' ').trimEnd()}`);
  return 0;
}
