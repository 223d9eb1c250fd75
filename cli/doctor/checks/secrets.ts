/** Whether the secrets of both servers are there. Their values are not read: the tasks, which are given them, say if they are of the right form. */
import type { Check } from '../check.ts';
import type { Examination } from '../examination.ts';
import type { Finding } from '../finding.ts';
import { ok, problem } from '../finding.ts';

export const secrets: Check = {
  name: 'secrets',
  area: 'Stack',
  examine: async (examination) => (await Promise.all([lookUp(examination, 'source'), lookUp(examination, 'target')])).flat(),
};

async function lookUp(examination: Examination, server: 'source' | 'target'): Promise<Finding[]> {
  const { containerDefinitions: [container] = [] } = await examination.taskDefinition(server);
  // `arn:aws:secretsmanager:<region>:<account>:secret:<name>[:<json key>:<stage>:<version>]`
  const arn = (container?.secrets?.[0]?.valueFrom ?? '').split(':').slice(0, 7).join(':');
  const { DescribeSecretCommand, ResourceNotFoundException, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const remedy = `Put it there (docs/deploy.md), and deploy with its ARN.`;
  try {
    const { DeletedDate, Name = arn } = await new SecretsManagerClient(await examination.configuration()).send(new DescribeSecretCommand({ SecretId: arn }));
    if (DeletedDate === undefined) return [ok(`the ${server}'s secret ${Name} is there`)];
    return [problem(`The ${server}'s secret ${Name} is marked for deletion`, 'No task gets it any more.', `aws secretsmanager restore-secret --secret-id ${Name}`)];
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    return [problem(`There is no secret ${arn} for the ${server}`, 'Tasks do not start without their secret.', remedy)];
  }
}
