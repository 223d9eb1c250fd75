/** The vCPUs that Fargate may use at once in this account and region. Source: Service Quotas, "Fargate On-Demand vCPU resource count". */
import type { Check } from '../check.ts';
import { ok, problem, skipped, warning } from '../finding.ts';
import { branchesAtOnce, readQuota } from '../quotas.ts';

export const fargateQuota: Check = {
  name: 'fargate-quota',
  area: 'Account',
  examine: async (examination) => {
    if (examination.local) return [skipped('the local runtime has no quotas')];
    const { cpu = '1024' } = await examination.taskDefinition('source');
    const quota = await readQuota(examination, 'fargate', 'L-3032A538');
    if (quota === undefined) return [skipped('Service Quotas does not list it in this region')];
    const perTask = Number(cpu) / 1024;
    const branches = branchesAtOnce(examination.plan);
    // A frozen database's dump task lives on beside those of its import and verification.
    const tasksPerBranch = examination.plan.freeze === undefined ? 1 : 2;
    const needed = branches * tasksPerBranch * perTask;
    const what = `Fargate On-Demand vCPU: ${quota}; ${branches} branches at once run up to ${branches * tasksPerBranch} tasks of ${perTask} vCPU, which is ${needed}`;
    if (quota >= needed) return [ok(what)];
    const possible = Math.floor(quota / (perTask * tasksPerBranch));
    const remedy = `Ask AWS to raise the quota L-3032A538 of the service fargate to ${needed} (days before the night), or start with --max-concurrency ${Math.max(1, possible)}.`;
    if (possible < 1) return [problem(what, 'Not one branch can do its work.', remedy)];
    if (tasksPerBranch > 1 && quota <= branches * perTask) {
      return [problem(what, 'Dumps that live on to keep their locks leave no vCPU for the imports: databases are dead-lettered as TaskFailedToStart.', remedy)];
    }
    return [warning(what, 'RunTask is refused above the quota: branches wait and try again, and fail after some minutes of it.', remedy)];
  },
};
