/** cfn-lint: a template against CloudFormation's schemas, and a state machine against the States Language's. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Finding } from './findings.ts';
import { installCfnLint } from './programs.ts';
import type { NamedTemplate } from './templates.ts';

const outputSchema = z.array(
  z.object({
    Rule: z.object({ Id: z.string() }),
    Message: z.string(),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

/** Regions whose schemas differ: the first of all, and a European one. */
const regions = ['us-east-1', 'eu-central-1'];

export interface CfnLintResult {
  readonly version: string;
  readonly findings: readonly Finding[];
}

/** Errors, warnings and informational findings. @throws Unavailable */
export async function runCfnLint(templates: readonly NamedTemplate[], cacheDirectory: string): Promise<CfnLintResult> {
  const packages = await installCfnLint(cacheDirectory);
  const findings: Finding[] = [];
  for (const { name, file } of templates) {
    const words = ['--include-checks', 'I', '--regions', ...regions, '--format', 'json', '--template', file];
    for (const { Rule, Message, Location } of outputSchema.parse(JSON.parse(await cfnLint(packages, words)))) {
      const [section, id = ''] = Location.Path ?? [];
      findings.push({ rule: Rule.Id, template: name, resource: section === 'Resources' ? String(id) : '', message: Message });
    }
  }
  const [version = 'of unknown version'] = /\d+(\.\d+)+/.exec(await cfnLint(packages, ['--version'])) ?? [];
  return { version, findings };
}

/** What its console script does; the script itself names the Python that installed it. */
const entryPoint = 'import sys; from cfnlint.runner import main; sys.exit(main())';

/** Its exit code counts kinds of findings (2, 4, 8 and their sums); 1 is a failure of its own. */
async function cfnLint(packages: string, words: readonly string[]): Promise<string> {
  try {
    const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' };
    const { stdout } = await promisify(execFile)('python3', ['-c', entryPoint, ...words], { env: environment, maxBuffer: 64 * 1024 ** 2 });
    return stdout;
  } catch (error) {
    const { code, stdout = '' } = error as { code?: number; stdout?: string };
    if (code !== undefined && code !== 1 && stdout !== '') return stdout;
    throw error;
  }
}
