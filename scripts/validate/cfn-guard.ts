/** AWS CloudFormation Guard, with the project's own rules and the proactive controls of AWS Control Tower. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Finding } from './findings.ts';
import { installNpmPrograms, Unavailable } from './programs.ts';
import type { NamedTemplate } from './templates.ts';

const reportSchema = z.tuple([
  z.object({
    not_compliant: z.array(z.object({ Rule: z.looseObject({ name: z.string() }) })),
    compliant: z.array(z.string()),
  }),
]);

export interface CfnGuardResult {
  readonly version: string;
  /** Rules that apply to some resource, each counted once for each template. */
  readonly applied: number;
  readonly findings: readonly Finding[];
}

/** `own` is the folder `rules`; `control-tower` comes with the package of cfn-guard. */
export type RuleSet = 'own' | 'control-tower';

const ownRules = join(import.meta.dirname, 'rules');

/** @throws Unavailable */
export async function runCfnGuard(templates: readonly NamedTemplate[], cacheDirectory: string, sets: readonly RuleSet[] = ['own', 'control-tower']): Promise<CfnGuardResult> {
  const folder = join(await installNpmPrograms(cacheDirectory), '@cdklabs', 'cdk-validator-cfnguard');
  const program = join(folder, 'bin', platformFolder(), 'cfn-guard');
  const directories: Readonly<Record<RuleSet, string>> = { own: ownRules, 'control-tower': join(folder, 'rules', 'control-tower', 'cfn-guard') };
  const rules = sets.flatMap((set) => ['--rules', directories[set]]);
  const findings: Finding[] = [];
  let applied = 0;
  for (const { name, file } of templates) {
    const words = ['validate', ...rules, '--data', file, '--structured', '--output-format', 'json', '--show-summary', 'none'];
    const [report] = reportSchema.parse(JSON.parse(await guard(program, words)));
    applied += report.not_compliant.length + report.compliant.length;
    findings.push(...report.not_compliant.flatMap(({ Rule }) => findingsOf(Rule, name)));
  }
  const version = (await guard(program, ['--version'])).trim().replace('cfn-guard ', '');
  return { version, applied, findings };
}

export async function countOwnRules(): Promise<number> {
  return (await readdir(ownRules)).length;
}

function findingsOf(rule: { readonly name: string }, template: string): Finding[] {
  const message = /\[(?:CT\.|AF\.)[^\]]*\][^\n]*/.exec(JSON.stringify(rule).replaceAll('\\n', '\n'))?.[0] ?? rule.name;
  const resources = new Set(Array.from(JSON.stringify(rule).matchAll(/"path":"\/Resources\/(\w+)/g), ([, resource = '']) => resource));
  return [...resources].map((resource) => ({ rule: rule.name, template, resource, message }));
}

function platformFolder(): string {
  const system = { linux: 'ubuntu', darwin: 'macos' }[process.platform as string];
  const processor = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  if (system === undefined || processor === undefined) throw new Unavailable(`its package has no program for ${process.platform} on ${process.arch}`);
  return join(system, processor);
}

/** Exits with 19 where a rule fails. */
async function guard(program: string, words: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, words, { maxBuffer: 64 * 1024 ** 2 })).stdout;
  } catch (error) {
    const { code, stdout = '' } = error as { code?: number; stdout?: string };
    if (code === 19) return stdout;
    throw error;
  }
}
