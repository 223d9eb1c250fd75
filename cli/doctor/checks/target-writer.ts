import { serverCheck } from '../check.ts';
import { ok, problem } from '../finding.ts';
import { isOn } from '../settings.ts';

export const targetWriter = serverCheck('target', 'target-writer', (facts) => {
  if (isOn(facts, 'innodb_read_only') !== true && isOn(facts, 'read_only') !== true) return [ok('it takes writes')];
  return [problem('The target takes no writes (read_only or innodb_read_only is on)', 'Every import fails as ImportRejected.', "Name the cluster's writer endpoint in the target's secret, and not a reader's.")];
});
