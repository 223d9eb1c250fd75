import type { DatabaseCheck } from '../check.ts';

export const expiredEvent: DatabaseCheck = {
  id: 'expired-event',
  scope: 'object',
  severity: 'converted',
  catalogue: ['I19'],
  cause:
    'The time of the event is over (AT, or ENDS), and it is not to be kept then (ON COMPLETION NOT PRESERVE). The source has it still, because its event scheduler is off.',
  consequence: 'The target drops it as soon as it is made: Ferry leaves it out, and says so in the audit.',
  remedy: 'None is needed. To keep its text: ALTER EVENT … ON COMPLETION PRESERVE on the source.',
  *find({ programs }) {
    for (const { kind, name, expired } of programs)
      if (kind === 'event' && expired === true) yield { object: `event ${name}` };
  },
};
