/** `ferry drift`: which databases have changed on the source since their dump. */
import { z } from 'zod';
import { migrationName } from '../../core/contracts.ts';
import { digestSession } from '../../core/digests/table-digests.ts';
import { structureSession } from '../../core/objects/read-structure.ts';
import { listLine } from '../../core/database-lists/list-text.ts';
import { FerryError } from '../../core/errors.ts';
import { errnoOf, messageOf, serverFailure, serverFailureName } from '../../core/mysql-failures.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions, wholeNumber } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printData, printJson } from '../context.ts';
import { readDatabaseList } from '../database-list.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import type { Deployment } from '../deployment.ts';
import type { BinlogState } from '../drift/binlog.ts';
import { readBinlogState } from '../drift/binlog.ts';
import type { Answer, Verdict } from '../drift/examine.ts';
import { examine } from '../drift/examine.ts';
import type { Subject } from '../dumped-databases.ts';
import { findSubjects, readManifestOf } from '../dumped-databases.ts';
import { noteLook } from '../looks.ts';
import { chooseRun } from '../runs.ts';
import { openSession, withSessions } from '../server-session.ts';
import { readOneServer, optionsOf, serverShape } from '../servers.ts';
import { formatCount, formatPlural } from '../terminal/format.ts';
import { printable } from '../terminal/text.ts';

const sourceOptions = optionsOf('source');

export const driftCommand: Command = {
  name: 'drift',
  summary: 'List the databases that have changed on the source since their dump: the second wave.',
  positionals: '[DATABASE...]',
  description: [
    'Looks at every database of the migration, or at those named. Each answer has its proof: the binary log has not moved, MyISAM tables were not written to, or the digests of the rows are still those of the dump. What nothing proves counts as changed.',
    'Standard output is the list, one name on each line, as `ferry start --second-wave --file -` takes it. The exit code is 0 when nothing has changed, and 111 (DatabasesChanged) when there is a second wave.',
  ],
  options: {
    migration: { value: 'NAME', help: "The migration (the newest run's)." },
    ...sourceOptions,
    file: { value: 'FILE', help: 'Look only at the databases named in a file; - is standard input.' },
    threads: { value: 'N', help: 'Connections to the source at once (4).' },
    json: { help: 'Print every answer with its proof as one JSON document instead of the list.' },
    ...deploymentOptions,
  },
  examples: [
    'ferry drift --migration spring-cutover --source mysql://ferry@db1 --source-tls disabled > second-wave.txt',
    'ferry start --migration spring-cutover --second-wave --file second-wave.txt',
  ],
  run: drift,
};

const optionsSchema = z.object({
  ...serverShape,
  migration: migrationName.optional(),
  file: z.string().optional(),
  threads: wholeNumber(1, 64).default(4),
  json: z.boolean().default(false),
});

async function drift(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const names = positionals.length === 0 && options.file === undefined ? undefined : await readDatabaseList(context, positionals, options.file);
  const source = await readOneServer(context, 'source', options);
  const deployment = await connectDeployment(context, values);
  const migration = options.migration ?? (await chooseRun(deployment, {})).migration;
  const subjects = await findSubjects(deployment, migration, names);
  const checkedAt = context.now().toISOString();
  const binlog = await readBinlog(source);
  const answers = await answerAll(deployment, source, subjects, binlog, options.threads);
  await noteLook(context, deployment, migration, {
    kind: 'drift',
    at: checkedAt,
    comparedWith: 'manifest',
    databases: answers.map(({ database, verdict, proof, detail }) => ({ database, outcome: verdict, detail: `${proof}: ${detail}` })),
  });
  const wave = answers.filter(({ verdict }) => verdict === 'changed' || verdict === 'unknown');
  if (options.json) {
    printJson(context, { migration, checkedAt, binlog: binlog === undefined ? null : { file: binlog.file, position: binlog.position }, databases: answers });
  } else {
    for (const { database } of wave) printData(context, listLine(database));
    print(context.stderr, describe(answers).join('\n'));
  }
  if (wave.length === 0) return 0;
  throw new FerryError('DatabasesChanged', `${formatCount(wave.length)} of ${formatPlural(answers.length, 'database')} of the migration ${migration} have changed on the source since their dump, or may have.`);
}

async function readBinlog(source: ServerAccess): Promise<BinlogState | undefined> {
  const session = await openSession('source', source);
  try {
    return await readBinlogState(session.query);
  } catch (error) {
    throw serverFailure('source', source, error);
  } finally {
    await session.close();
  }
}

async function answerAll(
  deployment: Deployment,
  source: ServerAccess,
  subjects: readonly Subject[],
  binlog: BinlogState | undefined,
  threads: number,
): Promise<Answer[]> {
  return withSessions('source', source, {
    items: subjects,
    threads,
    prepare: [...digestSession, ...structureSession],
    work: async ({ query }, subject) => {
      const manifest = await readManifestOf(deployment, subject);
      const missing = subject.dumpManifest === '' ? 'it has no dump yet' : 'the manifest of its dump is gone from the bucket';
      const { database } = subject;
      return examine(query, { database, manifest, missing }, binlog).catch((error: unknown) => {
        // A table that cannot be read (crashed, say) is no reason to leave the other databases without an answer.
        if (errnoOf(error) === undefined || serverFailureName('source', errnoOf(error)) !== undefined) throw error;
        return { database, verdict: 'unknown', proof: 'none', detail: `the source answered: ${messageOf(error)}` } satisfies Answer;
      });
    },
  });
}

const shownAnswers = 20;

function describe(answers: readonly Answer[]): string[] {
  const counts = (['unchanged', 'changed', 'unknown', 'gone'] as const satisfies readonly Verdict[]).map((verdict) => {
    const of = answers.filter((answer) => answer.verdict === verdict);
    const proofs = [...new Set(of.map(({ proof }) => proof))].map((proof) => `${formatCount(of.filter((answer) => answer.proof === proof).length)} by ${proof}`);
    return of.length === 0 ? '' : `${formatPlural(of.length, 'database')} ${verdict}${verdict === 'unknown' || verdict === 'gone' ? '' : ` (${proofs.join(', ')})`}`;
  });
  const told = answers.filter(({ verdict }) => verdict !== 'unchanged');
  const lines = told.slice(0, shownAnswers).map(({ database, verdict, proof, detail }) => `  ${printable(database)}: ${verdict} (${proof}): ${printable(detail)}`);
  const more = told.length > shownAnswers ? [`  and ${formatCount(told.length - shownAnswers)} more; --json has all`] : [];
  return [`${counts.filter((each) => each !== '').join('; ')}.`, ...lines, ...more];
}
