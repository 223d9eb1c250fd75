/** What Service Quotas lists of Step Functions: not all of its quotas are there (docs/limits.md). */
import type { Check } from '../check.ts';
import { ok, skipped, warning } from '../finding.ts';
import { branchesAtOnce, listQuotas } from '../quotas.ts';

export const stepFunctionsQuota: Check = {
  name: 'step-functions-quota',
  area: 'Account',
  examine: async (examination) => {
    if (examination.local) return [skipped('the local runtime has no quotas')];
    const open = (await listQuotas(examination, 'states')).find(({ name }) => /open executions/i.test(name));
    if (open === undefined) return [skipped('Service Quotas lists no number of open executions; docs/limits.md has what AWS documents')];
    // The run itself, and its branches.
    const needed = branchesAtOnce(examination.plan) + 1;
    const what = `Step Functions ${open.name.toLowerCase()}: ${open.value}; a run has up to ${needed} at once`;
    if (open.value >= needed) return [ok(what)];
    return [warning(what, 'Branches above the quota are not started until others end.', `Start with --max-concurrency ${Math.max(1, open.value - 1)}, or ask AWS to raise it.`)];
  },
};
