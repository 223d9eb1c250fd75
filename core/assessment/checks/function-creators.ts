import type { ServerCheck } from '../check.ts';
import { isOn, variable } from '../look.ts';

export const functionCreators: ServerCheck = {
  id: 'function-creators',
  scope: 'server',
  severity: 'blocks',
  catalogue: ['I7'],
  cause: 'The target writes a binary log, and log_bin_trust_function_creators is off.',
  consequence: 'An account without SUPER, which is every account of Aurora, cannot make a trigger there, nor most functions (error 1419): each database with one fails at its end.',
  remedy: "Set log_bin_trust_function_creators=1 in the target's parameter group, or turn its binary log off.",
  *find({ target }) {
    const trusted = variable(target, 'log_bin_trust_function_creators');
    if (isOn(variable(target, 'log_bin')) && trusted !== undefined && !isOn(trusted)) yield { object: '' };
  },
};
