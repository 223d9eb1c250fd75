/** `ferry assess`: what of the source will not arrive, or will arrive changed, found before anything is moved. */
import { z } from 'zod';
import { costlyReadings } from '../../core/assessment/read-costly.ts';
import { FerryError } from '../../core/errors.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions, wholeNumber } from '../command-line.ts';
import type { Context } from '../context.ts';
import { readDatabaseList } from '../database-list.ts';
import { defaultStateFolder, stateFolder } from '../deployment.ts';
import { readOneServer, serverOptions, serverShape } from '../servers.ts';

const optionsSchema = z.object({
  ...serverShape,
  try: z.string().optional(),
  all: z.boolean().default(false),
  file: z.string().optional(),
  state: z.string().min(1, 'must name a folder').optional(),
  again: z.boolean().default(false),
  also: z.array(z.enum(costlyReadings, `must be one of ${costlyReadings.join(', ')}`)).default([]),
  concurrency: wholeNumber(1, 8).default(1),
  pace: wholeNumber(1, 100).default(50),
  'max-threads-running': wholeNumber(1, 100_000).default(25),
  json: z.boolean().default(false),
  html: z.string().min(1, 'must name a file').optional(),
});
export type AssessOptions = z.infer<typeof optionsSchema>;

export const assessCommand: Command = {
  name: 'assess',
  summary: 'Find out what will not arrive, or not as it is, before anything is moved.',
  positionals: '[DATABASE...]',
  description: [
    'Looks at databases and at the servers, and changes nothing (with --try only scratch databases of its own are made on the target, and dropped). Reports everything that blocks a migration, that is converted on the way, or that behaves otherwise on the target, each with its remedy.',
    'Made for servers in production: one database after the other, with as much rest as work, waiting while the server is busy. What is assessed is kept: the same command again goes on where this one ended.',
  ],
  options: {
    ...serverOptions,
    target: { value: 'URL', help: 'The Aurora cluster, if there is one: what depends on it is then checked too. Its password comes from FERRY_TARGET_PASSWORD, or is asked for.' },
    try: { value: 'URL', help: "Rehearse on this target, too: make every database's definitions, without rows, in a scratch database there, read them back, and drop them. Stands for --target, and needs mysqldump as a migration does." },
    all: { help: "Every database of the source, except MySQL's own." },
    file: { value: 'FILE', help: 'Read the names from a file; - is standard input.' },
    again: { help: 'Assess anew also what is assessed already.' },
    also: { value: 'WHAT', multiple: true, help: `Look at what takes longer, too: ${costlyReadings.join(', ')}; may be repeated.` },
    concurrency: { value: 'N', help: 'Databases at once (1).' },
    pace: { value: 'PERCENT', help: 'How much of the time may be spent on queries; the rest is rest (50).' },
    'max-threads-running': { value: 'N', help: "Wait while the source's Threads_running is above this (25)." },
    html: { value: 'FILE', help: 'Write a report to hand on, as one HTML file.' },
    json: { help: 'Print everything that was found as one JSON document.' },
    state: { value: 'FOLDER', help: `Where the results are kept (${defaultStateFolder}).` },
  },
  examples: [
    'ferry assess --source mysql://ferry@db1 --source-tls disabled --all --html assessment.html',
    'ferry assess --source mysql://ferry@db1 --target mysql://admin@cluster.example --file active.txt',
    'ferry assess --source mysql://ferry@db1 --try mysql://admin@cluster.example --all --concurrency 4 --html rehearsal.html',
  ],
  run: assess,
};

async function assess(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  if (options.all && (positionals.length > 0 || options.file !== undefined)) {
    throw new FerryError('InvalidInput', '--all stands for every database of the source: name none beside it.');
  }
  const named = options.all ? undefined : await readDatabaseList(context, positionals, options.file);
  const source = await readOneServer(context, 'source', options);
  if (options.try !== undefined && options.target !== undefined) throw new FerryError('InvalidInput', '--try names the target: leave --target out.');
  const url = options.try ?? options.target;
  const target = url === undefined ? undefined : await readOneServer(context, 'target', { ...options, target: url });
  // Loaded here, so that the other commands start without it.
  const { runAssessment } = await import('../assess/run-assessment.ts');
  return runAssessment(context, { ...options, named, source, target, rehearses: options.try !== undefined, folder: stateFolder(context, options.state) });
}
