/** Whether the stack is there, whole, and of this version. */
import { asFerryError } from '../../aws-errors.ts';
import { describeReason, standingOf } from '../../stack.ts';
import type { Check } from '../check.ts';
import { requireOutputs } from '../examination.ts';
import { ok, problem, warning } from '../finding.ts';

export const stackStatus: Check = {
  name: 'stack',
  area: 'Stack',
  examine: async (examination) => {
    await examination.configuration();
    const stack = await examination.stack();
    if (examination.local) return [ok(`${stack.name} answers`)];
    const what = `${stack.name} is in ${stack.status}${describeReason(stack)}`;
    const standing = standingOf(stack.status);
    const remedy = 'Look at its events in the CloudFormation console, remove the cause, and deploy again (docs/deploy.md, "When a deployment fails").';
    if (standing === 'absent') return [problem(what, 'There is nothing to run a migration on.', remedy)];
    if (standing === 'unsettled') return [problem(what, '`ferry start` and `ferry redrive` wait for a stack that is whole.', `Wait until its deployment ends. If it has failed: ${remedy}`)];
    try {
      requireOutputs(stack);
    } catch (error) {
      const failure = asFerryError(error);
      return [problem(failure.message, 'No command finds its way without them.', failure.remedy)];
    }
    if (stack.status.includes('ROLLBACK')) return [warning(what, 'The last deployment failed and was taken back: what runs is the version before it.', remedy)];
    return [ok(what)];
  },
};
