/** Tasks that ECS did not start: for want of capacity, which passes; or for a cause that no retry can mend. */
import type { NamedFailure } from './name-failure.ts';

/**
 * Source: Amazon ECS Developer Guide, "API failures messages", "Throttling issues", "Stopped task error codes"; AWS
 * re:Post, "Capacity is unavailable at this time". The texts are matched, because Step Functions gives most of them under
 * one name, ECS.AmazonECSException.
 */
const passing =
  /capacity is unavailable|\bRESOURCE:|limit on the number of vcpus|throttl|rate exceeded|too many requests|service.?unavailable|server.?exception|internal ?(server|service)? ?error|resourceinitializationerror.*(timeout|timed out)|timeout waiting for (network|eni)|try again/i;

const lasting =
  /not authorized|access ?denied|unable to assume|passrole|cannotpullcontainer(error)?\b.*(not found|does not exist|manifest|denied|no such image|platform)|invalid ?(parameter|subnet|security ?group|identifier)|(subnet|security ?group)\S* .*(not exist|not found|invalid)|task ?definition.*(inactive|not found|does not exist)|clientexception|cluster ?not ?found|unsupported|exec format error|inactive|ConflictException/i;

/**
 * @param error the States Language error, or TaskFailedToStart of a task that was accepted and has not run
 * @returns undefined when the failure is none of a launch
 */
export function launchFailure(subject: string, error: string, text: string): NamedFailure | undefined {
  if (!/^(Amazon)?ECS\./i.test(error) && error !== 'TaskFailedToStart') return undefined;
  const message = error === 'TaskFailedToStart' ? `${subject} ${text}.` : `${subject} could not be started: ${error}: ${text}`;
  const said = `${error} ${text}`;
  if (passing.test(said) && !/not authorized|access ?denied/i.test(said)) return { error: 'CapacityUnavailable', message, retryable: true };
  return { error: 'TaskFailedToStart', message, retryable: !lasting.test(said) };
}
