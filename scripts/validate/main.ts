/**
 * `npm run validate`: cfn-lint, cfn-guard and a States Language validator. Exits with 1 when one of them finds what is neither
 * right nor accepted with a reason (waivers.ts), or when a reason has nothing left to explain.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mysqlCacheDirectory } from '../../local/mysql/install.ts';
import { countOwnRules, runCfnGuard } from './cfn-guard.ts';
import { runCfnLint } from './cfn-lint.ts';
import { judge, type Finding, type Waiver } from './findings.ts';
import { Unavailable } from './programs.ts';
import { runStatesLanguageValidator } from './states-language.ts';
import { collectTemplates } from './templates.ts';
import { cfnGuardWaivers, cfnLintWaivers } from './waivers.ts';

const definition = 'statemachines/migrate-databases.asl.json';
const cacheDirectory = join(mysqlCacheDirectory(process.env), 'validators');

async function main(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'ferry-validate-'));
  try {
    const templates = await collectTemplates(directory);
    const outcomes = [
      await attempt('cfn-lint', async () => {
        const { version, findings } = await runCfnLint(templates, cacheDirectory);
        return report(`cfn-lint ${version} on ${templates.length} templates`, findings, cfnLintWaivers);
      }),
      await attempt('cfn-guard', async () => {
        const { version, applied, findings } = await runCfnGuard(templates, cacheDirectory);
        const rules = `${await countOwnRules()} files of own rules and the controls of AWS Control Tower`;
        return report(`cfn-guard ${version} on ${templates.length} templates, ${rules} (${applied} applied)`, findings, cfnGuardWaivers);
      }),
      await attempt('asl-validator', async () => {
        const { version, findings } = await runStatesLanguageValidator(join(import.meta.dirname, '../..', definition), cacheDirectory);
        return report(`asl-validator ${version} on ${definition}`, findings, []);
      }),
    ];
    return outcomes.every((right) => right);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A machine without Python or a way to a registry is told so, and is not at fault. */
async function attempt(program: string, validate: () => Promise<boolean>): Promise<boolean> {
  try {
    return await validate();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.log(`${program}: NOT RUN, because ${error.message}`);
    return true;
  }
}

function report(heading: string, findings: readonly Finding[], waivers: readonly Waiver[]): boolean {
  const { open, waived, idle } = judge(findings, waivers);
  console.log(`${heading}: ${open.length} findings, ${findings.length - open.length} accepted with a reason`);
  for (const { rule, template, resource, message } of open) console.log(`  ${rule} ${[template, resource].join(', ')}: ${message}`);
  for (const { waiver, findings: accepted } of waived) {
    console.log(`  accepted: ${waiver.rule} (${[...new Set(accepted.map(({ resource }) => resource))].join(', ')}): ${waiver.reason}`);
  }
  for (const { rule, reason } of idle) console.log(`  remove the waiver of ${rule}: it accepts nothing any more (${reason})`);
  return open.length === 0 && idle.length === 0;
}

process.exitCode = (await main()) ? 0 : 1;
