import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { isOn } from '../settings.ts';

export const targetForeignKeys = serverCheck('target', 'target-foreign-keys', (facts) => {
  if (isOn(facts, 'foreign_key_checks') !== false) return [ok('foreign_key_checks is on; the import turns it off for its session')];
  return [warning('foreign_key_checks is off for everybody', 'The application can write rows whose parents are missing, and nobody is told.', 'SET GLOBAL foreign_key_checks = ON, or in the parameter group, before the cut-over.')];
});
