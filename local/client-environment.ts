import { homedir, tmpdir } from 'node:os';
import { delimiter } from 'node:path';

export interface ClientPlace {
  readonly endpoint: string;
  readonly region: string;
  /** PATH of the task programs. */
  readonly clientPath: string;
}

/** What functions and tasks are given beside their own variables and their role's credentials: nothing of the operator's environment but PATH. */
export function clientEnvironment({ endpoint, region, clientPath }: ClientPlace): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    PATH: [clientPath, process.env['PATH'] ?? ''].filter((part) => part !== '').join(delimiter),
    HOME: homedir(),
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
  };
}
