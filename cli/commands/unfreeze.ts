/** `ferry unfreeze`: lets writers into databases of the source again, whatever became of the run that shut them out. */
import { z } from 'zod';
import { giveBack } from '../../core/account-writes.ts';
import { migrationName } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import type { Freeze } from '../../core/freezes.ts';
import { endFreeze, forgetFreeze, listFreezes, readFreeze, writeLeft } from '../../core/freezes.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { RecordsTable } from '../../core/records.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printData } from '../context.ts';
import { readDatabaseList } from '../database-list.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { recordsTable } from '../records.ts';
import { chooseRun } from '../runs.ts';
import { withSessions } from '../server-session.ts';
import { readOneServer, optionsOf, serverShape } from '../servers.ts';
import { formatPlural } from '../terminal/format.ts';
import { printable } from '../terminal/text.ts';

const sourceOptions = optionsOf('source');

export const unfreezeCommand: Command = {
  name: 'unfreeze',
  summary: 'Let writers into frozen databases of the source again, at any time.',
  positionals: '[DATABASE...]',
  description: [
    'Ends the freeze of the databases named, or of all with --all: the task that holds a lock lets it go within seconds, and privileges that --freeze=revoke withdrew are given back on the source. A database whose branch is still at work is then not verified (FreezeLost).',
    'What was withdrawn is on record in DynamoDB until it is given back, whatever became of runs, tasks and machines. --print writes the statements instead, to be run by hand where this command cannot reach the source.',
  ],
  options: {
    migration: { value: 'NAME', help: "The migration (the newest run's)." },
    all: { help: 'Every database of the migration that is frozen, or has privileges withdrawn.' },
    file: { value: 'FILE', help: 'Read the names from a file; - is standard input.' },
    print: { help: 'Print the GRANT statements that give the privileges back, and change nothing.' },
    ...sourceOptions,
    ...deploymentOptions,
  },
  examples: [
    'ferry unfreeze crm --source mysql://ferry@db1 --source-tls disabled',
    'ferry unfreeze --all --migration spring-cutover --print | mysql -h db1 -u root -p',
  ],
  run: unfreeze,
};

const optionsSchema = z.object({
  ...serverShape,
  migration: migrationName.optional(),
  all: z.boolean().default(false),
  file: z.string().optional(),
  print: z.boolean().default(false),
});

async function unfreeze(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  if (options.all === (positionals.length > 0 || options.file !== undefined)) {
    throw new FerryError('InvalidInput', 'ferry unfreeze takes the names of databases, or --all.');
  }
  const names = options.all ? undefined : await readDatabaseList(context, positionals, options.file);
  const deployment = await connectDeployment(context, values);
  const migration = options.migration ?? (await chooseRun(deployment, {})).migration;
  const table = recordsTable(deployment, migration);
  const freezes = await chooseFreezes(table, names);
  const withdrawn = freezes.filter((freeze) => withdrawnOf(freeze).length > 0);
  if (options.print) {
    for (const freeze of withdrawn) for (const { grant } of withdrawnOf(freeze)) printData(context, `${grant};`);
    return 0;
  }
  if (withdrawn.length > 0 && options.source === undefined) {
    const message = `--source is needed to give privileges on ${formatPlural(withdrawn.length, 'database')} back; --print writes the statements instead. Nothing was changed.`;
    throw new FerryError('InvalidInput', message);
  }
  const source = withdrawn.length === 0 ? undefined : await readOneServer(context, 'source', options);
  const reason = `\`ferry unfreeze\` ended it at ${context.now().toISOString()}`;
  for (const { database, id } of freezes) await endFreeze(table, database, id, { endedAt: context.now().toISOString(), reason });
  if (source !== undefined) await letIn(table, source, withdrawn);
  // What holds stays on record until its keeper has let go, and for a verification to read why it was.
  for (const { database, id } of freezes.filter(({ endedAt }) => endedAt !== undefined)) await forgetFreeze(table, database, id);
  for (const { database, since } of freezes) print(context.stderr, `\`${printable(database)}\`, frozen since ${since}, is unfrozen.`);
  print(context.stderr, `${formatPlural(freezes.length, 'database')} unfrozen. A lock that a task still holds is gone within seconds; one whose task is lost, after a minute.`);
  return 0;
}

/** @throws FerryError UnknownDatabase for a name that is not frozen */
async function chooseFreezes(table: RecordsTable, names: readonly string[] | undefined): Promise<Freeze[]> {
  if (names === undefined) return listFreezes(table);
  const found = await Promise.all(names.map(async (name) => ({ name, freeze: await readFreeze(table, name) })));
  const missing = found.filter(({ freeze }) => freeze === undefined).map(({ name }) => `\`${printable(name)}\``);
  if (missing.length > 0) throw new FerryError('UnknownDatabase', `Of the migration ${table.migration} these are not frozen: ${missing.join(', ')}. Nothing was changed.`);
  return found.flatMap(({ freeze }) => freeze ?? []);
}

function withdrawnOf(freeze: Freeze): NonNullable<Freeze['withdrawn']> {
  return freeze.withdrawn ?? [];
}

/** Tries every database. @throws FerryError of the first that failed: what could not be given back stays on record */
async function letIn(table: RecordsTable, source: ServerAccess, freezes: readonly Freeze[]): Promise<void> {
  const failures = await withSessions('source', source, {
    items: freezes,
    threads: 1,
    prepare: [],
    work: async (session, freeze) => {
      const { left, error } = await giveBack(session, withdrawnOf(freeze));
      await writeLeft(table, freeze.database, freeze.id, left);
      return left.length === 0 ? undefined : serverFailure('source', source, error);
    },
  });
  const [first] = failures.filter((failure) => failure !== undefined);
  if (first !== undefined) throw first;
}
