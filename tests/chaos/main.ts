/**
 * `npm run chaos`: migrations on real servers while things go wrong, and a reader of its own that looks at what came of it.
 *
 *   --trials N       how many (10)
 *   --seed S         of the first; each next trial has the next one (1)
 *   --faults A,B     only these kinds (all of them); `--list` prints them
 *   --patience N     multiplies time limits, for a machine that does other things (3)
 *   --minutes N      begins no trial after so many minutes
 *   --markdown       prints the summary as docs/reliability.md has it
 *   --keep FOLDER    where the folders of failed trials are kept (a new one in the system's temporary folder)
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { listKinds } from './list.ts';
import { chooseKinds } from './options.ts';
import { summarize } from './summary.ts';
import { runTrials } from './trials.ts';
import { processesIn, signalProcess } from './world/processes.ts';

const whole = (fallback: number): z.ZodType<number> => z.coerce.number().int().min(1).default(fallback);
const optionsSchema = z.object({
  trials: whole(10),
  seed: whole(1),
  faults: z.string().optional(),
  patience: z.coerce.number().positive().default(3),
  minutes: z.coerce.number().positive().optional(),
  markdown: z.boolean().default(false),
  list: z.boolean().default(false),
  keep: z.string().optional(),
});

try {
  process.exitCode = await main();
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}`);
  process.exitCode = failure.exitCode;
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({ options: { trials: text, seed: text, faults: text, patience: text, minutes: text, keep: text, markdown: flag, list: flag } });
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) throw new FerryError('InvalidInput', parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { trials, seed, faults, patience, minutes, markdown, list, keep } = parsed.data;
  const kinds = chooseKinds(faults);
  if (list) {
    console.log(listKinds(kinds, markdown));
    return 0;
  }
  const directory = keep === undefined ? mkdtempSync(join(tmpdir(), 'ferry-chaos-trials-')) : resolve(keep);
  mkdirSync(directory, { recursive: true });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const { pid } of processesIn(directory)) signalProcess(pid, 'SIGKILL');
      process.exit(130);
    });
  }
  const seeds = Array.from({ length: trials }, (_, index) => seed + index);
  const until = minutes === undefined ? Infinity : Date.now() + minutes * 60_000;
  const log = (line: string): void => {
    console.error(line);
  };
  const results = await runTrials({ seeds, kinds, faults, patience, directory, until, log });
  console.log(summarize(results, markdown));
  return results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}
