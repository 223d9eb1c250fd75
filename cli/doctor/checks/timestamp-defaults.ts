import { comparison } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { isOn } from '../settings.ts';

export const timestampDefaults = comparison('timestamp-defaults', (source, target) => {
  // MySQL 5.5 has no such variable and behaves as with OFF.
  const [from, to] = [isOn(source, 'explicit_defaults_for_timestamp') ?? false, isOn(target, 'explicit_defaults_for_timestamp') ?? false];
  const word = (on: boolean): string => (on ? 'on' : 'off');
  if (from === to) return [ok(`explicit_defaults_for_timestamp is ${word(from)} on both`)];
  return [
    warning(
      `explicit_defaults_for_timestamp is ${word(from)} on the source and ${word(to)} on the target`,
      'Dumps write every default out and are not hurt. An application that makes tables, or writes NULL into a TIMESTAMP to get the current time, sees a difference.',
      'Set it in the cluster parameter group as on the source, or try the application against the target.',
    ),
  ];
});
