/** Trials one after another on the same two servers. */
import { join } from 'node:path';
import type { Kind } from './kinds/kind.ts';
import { drawPlan, type Plan } from './trial/plan.ts';
import { describeTrigger } from './trial/progress.ts';
import { runTrial, type TrialResult } from './trial/run-trial.ts';
import { openWorld } from './world/world.ts';

export interface TrialsOptions {
  readonly seeds: readonly number[];
  readonly kinds: readonly Kind[];
  /** As the caller named the kinds, for the command that repeats a trial. */
  readonly faults: string | undefined;
  readonly patience: number;
  /** Where each trial has its folder. */
  readonly directory: string;
  /** No trial begins after this moment. */
  readonly until: number;
  readonly log: (line: string) => void;
}

export async function runTrials({ seeds, kinds, faults, patience, directory, until, log }: TrialsOptions): Promise<TrialResult[]> {
  const started = new AsyncDisposableStack();
  const results: TrialResult[] = [];
  try {
    const world = await openWorld(started);
    for (const seed of seeds) {
      if (Date.now() > until) break;
      const plan = drawPlan(seed, world.fleet, kinds);
      for (const line of describePlan(plan)) log(line);
      const folder = join(directory, `trial-${seed}`);
      const result = await runTrial(plan, { world, directory: folder, patience });
      for (const line of describeResult(result, folder, faults)) log(line);
      results.push(result);
    }
  } finally {
    await started.disposeAsync();
  }
  return results;
}

function describePlan({ seed, way, databases, settings, faults }: Plan): string[] {
  return [
    `seed ${seed}: ${databases.length} databases, ${way}${settings.map((word) => ` ${word}`).join('')}`,
    ...faults.map(({ kind, injection, trigger, unavailable }) =>
      unavailable === undefined ? `  ${kind.name} ${describeTrigger(trigger)}${injection.description === '' ? '' : `, ${injection.description}`}` : `  NOT DONE: ${kind.name}: ${unavailable}`,
    ),
  ];
}

function describeResult({ plan, met, outcomes, continuations, seconds, phases, violations }: TrialResult, folder: string, faults: string | undefined): string[] {
  const counted = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  const late = plan.faults.filter((fault) => !met.includes(fault) && fault.unavailable === undefined).map(({ kind }) => kind.name);
  const again = continuations === 0 ? '' : `, then ${continuations} more to all VERIFIED`;
  const line = `  ${seconds.toFixed(1)} s (${phases.map((each) => each.toFixed(0)).join(' + ')}): ${counted}${again}${late.length === 0 ? '' : `; moment not reached: ${late.join(', ')}`}`;
  if (violations.length === 0) return [line];
  const command = `npm run chaos -- --trials 1 --seed ${plan.seed}${faults === undefined ? '' : ` --faults ${faults}`}`;
  return [line, ...violations.map((violation) => `  VIOLATION: ${violation}`), `  Its folder: ${folder}`, `  Again: ${command}`];
}
