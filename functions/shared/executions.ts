/** Whether an execution still works on what it holds, and how often it was redriven. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, ExecutionDoesNotExist, InvalidArn, type SFNClient } from '@aws-sdk/client-sfn';

export type IsAlive = (executionArn: string) => Promise<boolean>;

/** An execution that is gone from the service (history is kept for 90 days) is dead; one about to be redriven is alive. */
export function executionLiveness(client: SFNClient): IsAlive {
  return async (executionArn) => {
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' || status === 'PENDING_REDRIVE';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist || error instanceof InvalidArn) return false;
      throw error;
    }
  };
}

const [questions, questionMilliseconds] = [10, 1_000];

/**
 * How often a run was redriven, asked by one of its own functions. Step Functions answers late: as long as it takes the asking
 * run for one that has ended, it does not know of its newest redrive.
 * Source: Step Functions API Reference, "DescribeExecution": "This API action is eventually consistent".
 */
export async function countRedrives(client: SFNClient, runArn: string, pause: (milliseconds: number) => Promise<unknown> = sleep): Promise<number> {
  for (let asked = 1; ; asked += 1) {
    const { status, redriveCount = 0 } = await client.send(new DescribeExecutionCommand({ executionArn: runArn }));
    if (status === 'RUNNING' || asked === questions) return redriveCount;
    await pause(questionMilliseconds);
  }
}

/** Asks about each execution once. */
export function remembering(isAlive: IsAlive): IsAlive {
  const answers = new Map<string, Promise<boolean>>();
  return (executionArn) => {
    const answer = answers.get(executionArn) ?? isAlive(executionArn);
    answers.set(executionArn, answer);
    return answer;
  };
}

/**
 * The run's own ARN, from the ARN of one of its branches and the run's name; undefined when the ARN is not a branch's.
 * Source: Step Functions Developer Guide, "Distributed mode": `execution:<machine>/<label>:<name>`.
 */
export function runArnOfBranch(branchArn: string, run: string): string | undefined {
  const match = /^(arn:[^/]+)\/[^:]+:[^:]+$/.exec(branchArn);
  return match?.[1] === undefined ? undefined : `${match[1]}:${run}`;
}
