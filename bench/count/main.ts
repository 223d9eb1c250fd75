/**
 * `npm run count`: migrates a few databases on the local runtime (real servers, the real state machine and handlers) and
 * prints what each kind of thing takes in requests to AWS.
 *
 *   --databases N   databases of the larger of the two runs whose difference gives the cost of one (8)
 *   --tables N      tables in each (30)
 *   --rows N        rows in each table (50)
 *   --write         stores the counts in bench/count/measured.json, from which documents and simulation start
 *   --times         stores the times of the steps too: only on a machine that does nothing else
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { textTable } from '../text-table.ts';
import { type Counts, type Measured, measuredFile, meterNames, meterTitles, readMeasured } from './counts.ts';
import { countOnLocalRuntime } from './measure.ts';

const optionsSchema = z.object({
  databases: z.coerce.number().int().min(3).default(8),
  tables: z.coerce.number().int().min(1).default(30),
  rows: z.coerce.number().int().min(0).default(50),
  write: z.boolean().default(false),
  times: z.boolean().default(false),
});

try {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { databases: text, tables: text, rows: text, write: { type: 'boolean' }, times: { type: 'boolean' } } });
  const options = optionsSchema.safeParse(values);
  if (!options.success) {
    throw new FerryError('InvalidInput', options.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '));
  }
  const measured = await countOnLocalRuntime({ ...options.data, log: (message) => { console.error(message); } });
  console.log(describe(measured));
  const { write, times } = options.data;
  if (write || times) {
    const { timedAt, stageMilliseconds } = times ? measured : readMeasured();
    await writeFile(measuredFile, `${JSON.stringify({ ...measured, timedAt, stageMilliseconds }, null, 2)}\n`);
  }
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}`);
  process.exitCode = failure.exitCode;
}

function describe(measured: Measured): string {
  const columns = [measured.perDatabase, measured.perGatePoll, measured.perImportRetry, measured.perDeadLetter, measured.perRun];
  const header = ['', 'verified database', 'gate poll', 'import retry', 'dead letter', 'run'];
  const lines = meterNames.map((name) => [meterTitles[name], ...columns.map((counts: Counts) => shown(counts[name]))]);
  const sizes = [
    `A record grows to ${measured.recordBytes} bytes; a holder of a slot takes ${measured.holderBytes}, the slots item without any ${measured.emptySlotsBytes}.`,
    `A branch has ${measured.historyEventsOfBranch} history events, its input ${measured.inputBytes} bytes, its largest report ${measured.reportBytes}.`,
  ];
  return [textTable([header, ...lines]), '', ...sizes].join('\n');
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
