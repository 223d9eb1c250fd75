/** `ferry demo`: everything at once, on servers of its own. */
import { z } from 'zod';
import type { Command, Values } from '../command-line.ts';
import { readOptions, wholeNumber } from '../command-line.ts';
import type { Context } from '../context.ts';
import { stateFolder } from '../deployment.ts';
import { serverOptions, serverShape } from '../servers.ts';
import { migrateCommand } from './migrate.ts';

export const demoCommand: Command = {
  name: 'demo',
  summary: 'See it work: a legacy fleet, obstacles, a migration, a redrive, a comparison.',
  positionals: '',
  description: [
    'Starts MySQL 5.6 and MySQL 9 of its own, makes a fleet, puts obstacles in its way, migrates it, removes the causes of the dead letters, redrives, and compares source and target. Nothing is left running; Ctrl-C ends it cleanly.',
    'With --source and --target it starts and makes nothing, and migrates every database of the source as `ferry migrate --all` does.',
  ],
  options: {
    databases: { value: 'N', help: 'Databases in the fleet (200; at least 5).' },
    'large-megabytes': { value: 'N', help: 'Size of the largest one (300).' },
    keep: { help: 'Keep the folder with data, dumps, records and logs.' },
    state: { value: 'FOLDER', help: 'An empty folder to use (a temporary one).' },
    ...serverOptions,
  },
  examples: ['npm run demo', 'ferry demo --databases 20 --large-megabytes 10'],
  run: demo,
};

const optionsSchema = z.object({
  ...serverShape,
  databases: wholeNumber(5, 20_000).default(200),
  'large-megabytes': wholeNumber(1, 100_000).default(300),
  keep: z.boolean().default(false),
  state: z.string().min(1, 'must name a folder').optional(),
});

async function demo(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  if (options.source !== undefined || options.target !== undefined) {
    const names = [...Object.keys(serverShape), 'state'];
    const passed = Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
    return migrateCommand.run(context, { ...passed, all: true }, []);
  }
  // Loaded here: nothing else needs the fleet and its servers.
  const { runDemo } = await import('../demo/run-demo.ts');
  return runDemo(context, {
    databases: options.databases,
    largeMegabytes: options['large-megabytes'],
    folder: options.state === undefined ? undefined : stateFolder(context, options.state),
    keep: options.keep,
  });
}
