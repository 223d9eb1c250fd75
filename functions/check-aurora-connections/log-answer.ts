/** What the gate's answer looks like in the log and in the metrics. */
import type { GateAnswer } from '../../core/contracts.ts';
import type { EventLog } from '../../core/event-log.ts';
import type { GateQuestion } from './grant-slot.ts';

export function logAnswer(log: EventLog, question: GateQuestion, answer: GateAnswer, now: Date): void {
  const { migration, database, branch: executionArn, since: askedSince } = question;
  const { granted, connections, holders, limit, polls, delaySeconds } = answer;
  const since = askedSince === '' ? answer.since : askedSince;
  const waitSeconds = since === '' ? 0 : Math.max(0, (now.getTime() - Date.parse(since)) / 1_000);
  const said = { migration, database, executionArn, connections, holders, limit, waitSeconds };
  const seen = { TargetConnections: connections, TargetConnectionLimit: limit };
  if (granted) log.write('GateGranted', 'The branch has a slot on the target.', said, { GateGrants: 1, GateWaitSeconds: waitSeconds, ...seen });
  else log.write('GateRefused', `The target is full: ask again in ${delaySeconds} s.`, { ...said, polls, delaySeconds }, { GateRefusals: 1, ...seen });
}
