import type { DatabaseCheck } from '../check.ts';

export const disabledEvent: DatabaseCheck = {
  id: 'disabled-event',
  scope: 'object',
  severity: 'converted',
  catalogue: ['I19'],
  cause: 'The event is enabled on the source.',
  consequence: 'It would run on the target while the source still serves: Ferry makes it disabled.',
  remedy: 'Enable it at cut-over, after it is disabled on the source: ALTER EVENT … ENABLE.',
  *find({ programs }) {
    for (const { kind, name, enabled, expired } of programs) if (kind === 'event' && enabled && expired !== true) yield { object: `event ${name}` };
  },
};
