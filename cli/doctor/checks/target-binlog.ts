import { serverCheck } from '../check.ts';
import type { Finding } from '../finding.ts';
import { ok, problem, warning } from '../finding.ts';
import { isOn, missingPrivileges } from '../settings.ts';

export const targetBinlog = serverCheck('target', 'target-binlog', (facts) => {
  if (isOn(facts, 'log_bin') !== true) return [ok('the binary log is off')];
  const findings: Finding[] = [
    warning(
      'The binary log is on',
      'Every row is written once more: loading is slower, and the log takes storage. A dump with more than a million rows in a transaction makes it worse.',
      'Set binlog_format = OFF in the cluster parameter group for the load (needs a reboot), unless something replicates from this cluster.',
    ),
  ];
  if (isOn(facts, 'log_bin_trust_function_creators') !== true && missingPrivileges(facts, ['SUPER']).length > 0) {
    findings.push(problem('The binary log is on, and log_bin_trust_function_creators is off', 'Stored functions and triggers fail as ImportRejected (1419).', 'Set log_bin_trust_function_creators = 1 in the parameter group (no restart).'));
  }
  return findings;
});
