import type { LambdaService } from '../lambda/lambda-service.ts';
import { Schedules, type SchedulesOptions } from './schedules.ts';

export interface ScheduledFunctions extends Omit<SchedulesOptions, 'invoke' | 'onError'> {
  readonly lambda: LambdaService;
  readonly log: (message: string) => void;
}

/** Starts the schedules of the stack's functions. @returns what stops them */
export function startSchedules({ lambda, log, ...options }: ScheduledFunctions): () => void {
  const schedules = new Schedules({
    ...options,
    invoke: (functionArn, event) => lambda.invokeAsynchronously(functionArn, event),
    onError: (error, rule) => {
      log(`The scheduled rule ${rule} could not invoke its function: ${String(error)}`);
    },
  });
  schedules.start();
  return () => {
    schedules.stop();
  };
}
