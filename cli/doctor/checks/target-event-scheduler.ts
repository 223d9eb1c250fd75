import { serverCheck } from '../check.ts';
import { ok, warning } from '../finding.ts';
import { isOn } from '../settings.ts';

export const targetEventScheduler = serverCheck('target', 'target-event-scheduler', (facts) => {
  if (isOn(facts, 'event_scheduler') !== true) return [ok('the event scheduler is off')];
  return [
    warning(
      'The event scheduler is on',
      'Ferry brings events disabled; one that somebody enables before the cut-over changes the target while the source is still the truth.',
      'Set event_scheduler = OFF in the cluster parameter group until the cut-over.',
    ),
  ];
});
