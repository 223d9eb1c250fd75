/** Counts from the histories of an execution and of its branches. */
import { type HistoryEvent, paginateGetExecutionHistory, paginateListExecutions, paginateListMapRuns, type SFNClient } from '@aws-sdk/client-sfn';
import type { MeterName } from './counts.ts';

export interface BranchHistory {
  readonly executionArn: string;
  readonly status: string;
  readonly events: readonly HistoryEvent[];
}

export async function readHistory(client: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client }, { executionArn })) events.push(...(page.events ?? []));
  return events;
}

/** Of every Map Run of the execution. */
export async function readBranches(client: SFNClient, executionArn: string): Promise<BranchHistory[]> {
  const branches: BranchHistory[] = [];
  for await (const { mapRuns = [] } of paginateListMapRuns({ client }, { executionArn })) {
    for (const { mapRunArn } of mapRuns) {
      for await (const { executions = [] } of paginateListExecutions({ client }, { mapRunArn })) {
        for (const { executionArn: branch = '', status = '' } of executions) branches.push({ executionArn: branch, status, events: await readHistory(client, branch) });
      }
    }
  }
  return branches;
}

/** How often a state was entered. */
export function visitsOf(events: readonly HistoryEvent[], state: string): number {
  return events.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === state).length;
}

const meterOfResource: Readonly<Record<string, MeterName>> = {
  lambda: 'lambdaInvocations',
  ecs: 'runTasks',
  sqs: 'sqsMessages',
  sns: 'snsMessages',
};

/**
 * Transitions are the states entered and the retries. DynamoDB and S3 are left to the recorder, which sees these calls
 * as well as those of functions and tasks.
 */
export function countHistory(events: readonly HistoryEvent[], counts: Record<MeterName, number>): void {
  let scheduledInState = 0;
  counts.historyEvents += events.length;
  for (const { stateEnteredEventDetails, taskScheduledEventDetails } of events) {
    if (stateEnteredEventDetails !== undefined) {
      counts.stateTransitions += 1;
      scheduledInState = 0;
    }
    if (taskScheduledEventDetails === undefined) continue;
    scheduledInState += 1;
    if (scheduledInState > 1) counts.stateTransitions += 1;
    const meter = meterOfResource[taskScheduledEventDetails.resourceType ?? ''];
    if (meter !== undefined) counts[meter] += 1;
  }
}
