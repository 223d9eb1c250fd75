import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { isOn, missingPrivileges } from '../settings.ts';

export const targetStrictMode = serverCheck('target', 'target-strict-mode', (facts) => {
  if (isOn(facts, 'innodb_strict_mode') !== true) return [ok('innodb_strict_mode is off')];
  // Source: MySQL Reference Manual, "System Variable Privileges": a session's own is restricted since 8.0.
  const allowed = ['SESSION_VARIABLES_ADMIN', 'SYSTEM_VARIABLES_ADMIN', 'SUPER'].some((privilege) => missingPrivileges(facts, [privilege]).length === 0);
  if (allowed) return [ok('innodb_strict_mode is on, and the import turns it off for its session')];
  return [
    warning(
      'innodb_strict_mode is on, and the account may not turn it off for its session',
      'Old tables with wide rows or row formats of their own fail as ImportRejected (1118, 1031), where a warning would do.',
      'Set innodb_strict_mode = 0 in the cluster parameter group for the load (no restart), and back afterwards.',
    ),
  ];
});
