/** The function calls that may run at once in this account and region. Source: Service Quotas, "Concurrent executions". */
import type { Check } from '../check.ts';
import { ok, problem, skipped, warning } from '../finding.ts';
import { branchesAtOnce, readQuota } from '../quotas.ts';

/** Accounts that never raised it have this many, new ones 10. */
const fewest = 10;

export const lambdaQuota: Check = {
  name: 'lambda-quota',
  area: 'Account',
  examine: async (examination) => {
    if (examination.local) return [skipped('the local runtime has no quotas')];
    const quota = await readQuota(examination, 'lambda', 'L-B99A9384');
    if (quota === undefined) return [skipped('Service Quotas does not list it in this region')];
    const branches = branchesAtOnce(examination.plan);
    const what = `Lambda concurrent executions: ${quota}; ${branches} branches at once may ask the gate in the same moment`;
    if (quota >= branches) return [ok(what)];
    const why = 'Calls above the quota are throttled and tried again. Other functions of the account take from the same quota.';
    const remedy = `Ask AWS to raise the quota L-B99A9384 of the service lambda to 1000, or start with --max-concurrency ${quota}.`;
    return [quota < fewest ? problem(what, why, remedy) : warning(what, why, remedy)];
  },
};
