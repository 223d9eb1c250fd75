/** Whether a task gets started, reaches its server, and gets its secret, table and bucket, where branches will. */
import { errorKinds, isErrorName } from '../../core/errors.ts';
import { formatDuration } from '../terminal/format.ts';
import type { Check } from './check.ts';
import type { Finding } from './finding.ts';
import { ok, problem } from './finding.ts';

export function reachability(server: 'source' | 'target'): Check {
  return {
    name: `${server}-from-inside`,
    area: server === 'source' ? 'Source' : 'Target',
    examine: async (examination) => {
      const { report, seconds, ending, taskArn } = await examination.look(server);
      if (report === undefined) {
        return [problem(`The task that was to look at the ${server} left no report: ${ending}`, 'No branch gets further than this task.', remedyOf(ending, taskArn))];
      }
      const findings: Finding[] = [];
      const { error, facts, recordsError } = report;
      if (facts !== undefined) {
        findings.push(ok(`a task reached it as ${facts.account} in ${formatDuration(facts.secondsToConnect)}, ${facts.tls === '' ? 'without TLS' : facts.tls} (the task took ${formatDuration(seconds)})`));
      }
      for (const failure of [error, recordsError]) if (failure !== undefined) findings.push(findingOf(failure));
      return findings;
    },
  };
}

function findingOf({ name, message }: { readonly name: string; readonly message: string }): Finding {
  const remedy = isErrorName(name) ? errorKinds[name].remedy : "Read the task's log.";
  return problem(message, `${name}: every branch would fail with it.`, remedy);
}

/** Source: Amazon ECS Developer Guide, "Stopped tasks error messages". */
function remedyOf(ending: string, taskArn: string): string {
  if (/CannotPull/i.test(ending)) return 'Push the image for linux/arm64 under the tag of the stack, and give the subnets a way to ECR and S3 (NAT gateway, or interface and gateway endpoints).';
  if (/secret/i.test(ending)) return "Check the secret's ARN and its key, and give the subnets a way to Secrets Manager (NAT gateway, or an interface endpoint).";
  if (/ResourceInitializationError/i.test(ending)) return 'Give the subnets a way to ECR, CloudWatch Logs and Secrets Manager (NAT gateway, or interface endpoints).';
  if (/exit code 2\b/.test(ending)) return 'The image is older than this ferry, and knows no stage check: build and push it again.';
  return `Read the log of the task ${taskArn}.`;
}
