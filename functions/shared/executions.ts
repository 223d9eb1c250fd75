/** Whether an execution still works on what it holds. */
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
