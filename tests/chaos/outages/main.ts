/**
 * `npm run outages`: what branches need goes away in the middle of a pass, and comes back.
 *
 *   --databases N   of the pass (60)
 *   --seconds N     of the longest outage (600); some last half as long
 *   --only TEXT     outages whose name holds this text
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FerryError } from '../../../core/errors.ts';
import { openWorld } from '../world/world.ts';
import { type OutageResult, runWithOutage } from './outage-run.ts';
import { outages } from './outages.ts';

const whole = (fallback: number): z.ZodType<number> => z.coerce.number().int().min(1).default(fallback);
const optionsSchema = z.object({ databases: whole(60), seconds: whole(600), only: z.string().default('') });

const head = [
  '| outage | for | verified, equal | dead letters | seen in the records after | held at most | done again | run | later by the outage and |',
  '|---|---|---|---|---|---|---|---|---|',
].join('\n');

const text = { type: 'string' } as const;
const options = optionsSchema.parse(parseArgs({ options: { databases: text, seconds: text, only: text } }).values);
const started = new AsyncDisposableStack();
const directory = mkdtempSync(join(tmpdir(), 'ferry-outages-'));
try {
  const world = await openWorld(started, options.databases + 2);
  const run = { world, databases: world.fleet };
  const chosen = outages.filter(({ name }) => name.includes(options.only));
  const plain = await runWithOutage({ ...run, directory: join(directory, 'none') }, undefined, 0);
  const results = [plain];
  console.error(describe(plain, plain));
  for (const [index, outage] of chosen.entries()) {
    const result = await runWithOutage({ ...run, directory: join(directory, String(index)) }, outage, options.seconds);
    results.push(result);
    console.error(describe(result, plain));
  }
  console.log([head, ...results.map((result) => describe(result, plain))].join('\n'));
  const isSound = ({ deadLettered, different, verified }: OutageResult): boolean => deadLettered === 0 && different.length === 0 && verified === run.databases.length;
  process.exitCode = results.every(isSound) ? 0 : 1;
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}`);
  process.exitCode = failure.exitCode;
} finally {
  await started.disposeAsync();
  rmSync(directory, { recursive: true, force: true });
}

function describe(result: OutageResult, plain: OutageResult): string {
  const { outage, outageSeconds, verified, different, deadLettered, seenAfterSeconds, mostHeld, repeated, runSeconds } = result;
  const seen = seenAfterSeconds === undefined ? '-' : `${seenAfterSeconds.toFixed(1)} s`;
  const later = outageSeconds === 0 ? '-' : `${(runSeconds - plain.runSeconds - outageSeconds).toFixed(0)} s`;
  const cells = [outage, `${outageSeconds} s`, `${verified}, ${verified - different.length}`, deadLettered, seen, mostHeld, repeated, `${runSeconds.toFixed(0)} s`, later];
  return `| ${cells.join(' | ')} |`;
}
