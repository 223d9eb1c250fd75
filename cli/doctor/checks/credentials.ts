/** Whether AWS knows the caller. */
import { asFerryError } from '../../aws-errors.ts';
import type { Check } from '../check.ts';
import { ok, problem } from '../finding.ts';

export const credentials: Check = {
  name: 'credentials',
  area: 'Account',
  examine: async (examination) => {
    try {
      const { account, arn, region } = await examination.caller();
      return [ok(`${arn}, account ${account}, region ${region}`)];
    } catch (error) {
      const failure = asFerryError(error);
      return [problem(failure.message, `${failure.name}: no command can act on the stack.`, failure.remedy)];
    }
  },
};
