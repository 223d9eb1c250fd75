/** The packaged template, and values in it with every intrinsic function resolved. */
import { join } from 'node:path';
import { packageService } from '../../../local/package/package-service.ts';
import { Intrinsics, templateSchema, type Template } from '../../../local/template/intrinsics.ts';

export const place = { accountId: '210987654321', region: 'ap-southeast-9', stackName: 'aurora-ferry-dev', endpoint: 'http://127.0.0.1:1' } as const;

export async function packagedTemplate(): Promise<Template> {
  const { template } = await packageService({ projectDirectory: join(import.meta.dirname, '../../..'), log: () => undefined });
  return templateSchema.parse(template);
}

export function resolved(template: Template, parameters: Readonly<Record<string, string>> = {}): Intrinsics {
  return new Intrinsics(template, { ...place, parameters });
}
