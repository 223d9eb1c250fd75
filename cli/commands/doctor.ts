/** `ferry doctor`: everything that can be known before a run to go wrong in it. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { defaults } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions, wholeNumber } from '../command-line.ts';
import type { Context } from '../context.ts';
import { interruptedExitCode, print, printJson } from '../context.ts';
import type { Selection } from '../deployment.ts';
import { deploymentOptions, readSelection } from '../deployment.ts';
import { runChecks } from '../doctor/check.ts';
import type { CheckedFinding } from '../doctor/check.ts';
import { checks } from '../doctor/checks/index.ts';
import { examine } from '../doctor/examination.ts';
import { countBySeverity, renderFindings, summarize } from '../render/doctor.ts';
import { stackNameOf } from '../stack.ts';
import { styleFor } from '../terminal/style.ts';
import { runSettings, runSettingsShape } from './start.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Look for what would hurt a migration, and say what to do.',
  positionals: '',
  description: [
    'Looks at credentials, quotas, the stack, its images and secrets; and, by a task in the place where branches run theirs, at the way to both servers, their settings, and what the accounts may do there. All checks report; nothing is changed.',
    'Ends with 0 when there is no problem (warnings are none), else with 104.',
  ],
  options: {
    databases: { value: 'N', help: 'How many databases the fleet has, for the quotas (as many as branches at once).' },
    ...pick(['max-concurrency', 'dump-threads', 'max-connections', 'freeze']),
    'no-tasks': { help: 'Start no task: what can be seen only from inside is skipped.' },
    json: { help: 'Print one JSON document.' },
    ...deploymentOptions,
  },
  examples: ['ferry doctor --stage prod --databases 4000 --freeze', 'ferry doctor --local --json'],
  run: doctor,
};

const optionsSchema = z.object({
  databases: wholeNumber(1, 10_000_000).optional(),
  'max-concurrency': runSettingsShape['max-concurrency'],
  'dump-threads': runSettingsShape['dump-threads'],
  'max-connections': runSettingsShape['max-connections'],
  freeze: runSettingsShape.freeze,
  'no-tasks': z.boolean().default(false),
  json: z.boolean().default(false),
});

async function doctor(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const selection = await readSelection(context, values);
  const signal = context.interruption();
  const now = context.now();
  const examination = examine({
    selection,
    signal,
    tasks: !options['no-tasks'],
    checkId: `${now.toISOString().replaceAll(/[-:]|\.\d+Z/g, '')}-${randomBytes(4).toString('hex')}`,
    plan: {
      databases: options.databases,
      maxConcurrency: options['max-concurrency'] ?? defaults.maxConcurrency,
      dumpThreads: options['dump-threads'] ?? defaults.dumpThreads,
      maxConnections: options['max-connections'] ?? defaults.maxConnections,
      freeze: options.freeze,
    },
  });
  if (selection.kind === 'stack' && !options['no-tasks']) print(context.stderr, 'Looking from inside too, by a task for each server: this takes a minute or two ...');
  let findings: CheckedFinding[];
  try {
    findings = await runChecks(checks, examination);
  } catch (error) {
    if (signal.aborted) return interruptedExitCode;
    throw error;
  }
  report(context, selection, now, findings, options.json);
  return 0;
}

/** @throws FerryError ProblemsFound */
function report(context: Context, selection: Selection, now: Date, findings: readonly CheckedFinding[], json: boolean): void {
  const deployment = describe(selection);
  const counts = countBySeverity(findings);
  if (json) {
    printJson(context, { deployment, checkedAt: now.toISOString(), counts, findings });
  } else {
    const layout = { width: Math.min(context.stdout.columns ?? 100, 120), style: styleFor(context.stdout, context.environment) };
    print(context.stdout, renderFindings(`Aurora Ferry, ${deployment}`, findings, layout).join('\n'));
  }
  if (counts.problem > 0) throw new FerryError('ProblemsFound', `${summarize(findings)}.`);
}

function describe(selection: Selection): string {
  return selection.kind === 'local' ? `the local runtime on ${selection.folder}` : `the stack ${stackNameOf(selection.stage)}`;
}

function pick(names: readonly (keyof typeof runSettings)[]): typeof runSettings {
  return Object.fromEntries(Object.entries(runSettings).filter(([name]) => names.includes(name)));
}
