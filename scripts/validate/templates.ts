/** The templates that validators look at: what `serverless package` makes for two stages, and the stack of the optional cluster. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageService } from '../../local/package/package-service.ts';
import { packageStage } from './package-stage.ts';

export interface NamedTemplate {
  readonly name: string;
  readonly file: string;
}

const projectDirectory = join(import.meta.dirname, '../..');

/** Right in their form, and nobody's; other than the examples, which a stage that is deployed refuses. */
export const deployableParams: Readonly<Record<string, string>> = {
  vpcId: 'vpc-00000000000000001',
  subnetIds: 'subnet-00000000000000001,subnet-00000000000000002',
  routeTableIds: 'rtb-00000000000000001',
  sourceSecretArn: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:source-a1b2c3',
  sourceCidr: '10.0.1.10/32',
  targetSecretArn: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:target-a1b2c3',
  targetCidr: '10.0.2.0/24',
};

/** @param directory for the packaged ones */
export async function collectTemplates(directory: string): Promise<readonly NamedTemplate[]> {
  const [dev, prod] = await Promise.all([
    packageService({ projectDirectory, log: () => undefined }),
    packageStage({ stage: 'prod', params: deployableParams, environment: { AWS_REGION: 'eu-central-1' } }),
  ]);
  if (prod.template === undefined) throw new Error(`serverless package --stage prod failed:\n${prod.output}`);
  const texts = { dev: JSON.stringify(dev.template, undefined, 2), prod: prod.template };
  const templates = Object.entries(texts).map(([stage, text]) => ({ name: `the stack's for ${stage}`, file: join(directory, `${stage}.json`), text }));
  await Promise.all(templates.map(({ file, text }) => writeFile(file, text)));
  return [...templates.map(({ name, file }) => ({ name, file })), { name: 'resources/optional/aurora.yml', file: join(projectDirectory, 'resources/optional/aurora.yml') }];
}
