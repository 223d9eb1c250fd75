/** `ferry verify`: compares the target again, any time after a migration. */
import { z } from 'zod';
import { migrationName } from '../../core/contracts.ts';
import { digestSession } from '../../core/digests/table-digests.ts';
import { FerryError } from '../../core/errors.ts';
import { errnoOf, messageOf, serverFailure, serverFailureName } from '../../core/mysql-failures.ts';
import { structureSession } from '../../core/objects/read-structure.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions, wholeNumber } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printJson, sleep } from '../context.ts';
import { readDatabaseList } from '../database-list.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import type { Deployment } from '../deployment.ts';
import type { Subject } from '../dumped-databases.ts';
import { findSubjects, readManifestOf, readVerifiedObjects } from '../dumped-databases.ts';
import type { Found } from '../../core/looks/looks.ts';
import { textLiteral } from '../../core/sql-text.ts';
import { noteLook } from '../looks.ts';
import { chooseRun } from '../runs.ts';
import { openSession, withSessions } from '../server-session.ts';
import type { ServerSession } from '../server-session.ts';
import { readOneServer, optionsOf, serverShape } from '../servers.ts';
import { formatCount, formatPlural } from '../terminal/format.ts';
import { printable } from '../terminal/text.ts';
import { compareWithManifest, compareWithSource, notCompared } from '../verify/compare-database.ts';
import type { Outcome, Verified } from '../verify/compare-database.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Compare the target again, any time later, with the dumps or with the live source.',
  positionals: '[DATABASE...]',
  description: [
    'Looks at every verified database of the migration, or at those named: the rows of every table are compared by digests with the manifest of the dump, and the definitions of all objects with those that were verified. With --source both are compared with the source as it is now, and the keys of the first rows that differ are named.',
    'Only SELECT is used, on few connections, and no database is begun while the target is busy. Exit code 60 (VerificationMismatch) when one differs, 44 (DumpMissing) when one has nothing to be compared with.',
  ],
  options: {
    migration: { value: 'NAME', help: "The migration (the newest run's)." },
    ...optionsOf('target'),
    ...optionsOf('source'),
    file: { value: 'FILE', help: 'Look only at the databases named in a file; - is standard input.' },
    threads: { value: 'N', help: 'Databases at once (2).' },
    'max-running': { value: 'N', help: "Wait while more of the target's threads than this are running (50)." },
    json: { help: 'Print every database with its digest as one JSON document.' },
    ...deploymentOptions,
  },
  examples: ['ferry verify --migration spring-cutover --target mysql://ferry@cluster.example', 'ferry verify crm --target mysql://ferry@cluster.example --source mysql://ferry@db1 --source-tls disabled'],
  run: verify,
};

const detailTexts = 5;
const readingSession = [...digestSession, ...structureSession];

const optionsSchema = z.object({
  ...serverShape,
  migration: migrationName.optional(),
  file: z.string().optional(),
  threads: wholeNumber(1, 64).default(2),
  'max-running': wholeNumber(1, 10_000).default(50),
  json: z.boolean().default(false),
});

async function verify(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const names = positionals.length === 0 && options.file === undefined ? undefined : await readDatabaseList(context, positionals, options.file);
  const target = await readOneServer(context, 'target', options);
  const source = options.source === undefined ? undefined : await readOneServer(context, 'source', options);
  const deployment = await connectDeployment(context, values);
  const migration = options.migration ?? (await chooseRun(deployment, {})).migration;
  const subjects = await findSubjects(deployment, migration, names);
  const checkedAt = context.now().toISOString();
  const verified = await withSessions('target', target, {
    items: subjects,
    threads: options.threads,
    prepare: readingSession,
    work: async (session, subject) => {
      await untilQuiet(session, options['max-running']);
      return verifyOne({ deployment, migration, source }, session, subject);
    },
  });
  const comparedWith = source === undefined ? 'manifest' : 'source';
  await noteLook(context, deployment, migration, { kind: 'verify', at: checkedAt, comparedWith, databases: verified.flatMap(foundOf) });
  if (options.json) printJson(context, { migration, checkedAt, comparedWith, databases: verified });
  else print(context.stdout, describe(verified).join('\n'));
  return conclude(migration, verified);
}

/** What the certificate is to know: nothing of what was never verified. */
function foundOf({ database, outcome, differences, objectDifferences, reason }: Verified): Found[] {
  if (outcome === 'not-verified') return [];
  const texts = [...(reason === null ? [] : [reason]), ...differences.map(({ text }) => text), ...objectDifferences];
  return [{ database, outcome, detail: texts.slice(0, detailTexts).join('; ') }];
}

interface Comparison {
  readonly deployment: Deployment;
  readonly migration: string;
  /** Undefined: with the manifests. */
  readonly source: ServerAccess | undefined;
}

/** @throws FerryError VerificationMismatch, DumpMissing */
function conclude(migration: string, verified: readonly Verified[]): number {
  const count = (outcome: Outcome): number => verified.filter((each) => each.outcome === outcome).length;
  const of = `of ${formatPlural(verified.length, 'database')} of the migration ${migration}`;
  const differing = count('differs') + count('gone');
  if (differing > 0) throw new FerryError('VerificationMismatch', `${formatCount(differing)} ${of} differ on the target.`);
  if (count('unknown') > 0) throw new FerryError('DumpMissing', `${formatCount(count('unknown'))} ${of} could not be compared with anything.`);
  return 0;
}

/** The command's own connection is one of the threads that run. */
async function untilQuiet({ query }: ServerSession, maxRunning: number): Promise<void> {
  for (;;) {
    const [row] = await query<{ Value: string | number }>("SHOW GLOBAL STATUS LIKE 'Threads_running'");
    if (row === undefined || Number(row.Value) <= maxRunning) return;
    await sleep(500);
  }
}

async function verifyOne({ deployment, migration, source }: Comparison, session: ServerSession, subject: Subject): Promise<Verified> {
  const { database, state, checkpoint } = subject;
  const isUnverified = checkpoint === 'UNVERIFIED';
  if (isUnverified && source === undefined) return notCompared(database, 'not-verified', 'its run was told not to verify: compare it with the source (--source)');
  if (state !== 'VERIFIED' && !isUnverified) return notCompared(database, 'not-verified', `it is ${state}`);
  try {
    if (!(await isThere(session.query, database))) return notCompared(database, 'gone', 'the target has no database of that name');
    const kept = { manifest: await readManifestOf(deployment, subject), objects: await readVerifiedObjects(deployment, migration, subject) };
    if (source !== undefined) return await withSource(source, (query) => compareWithSource(session.query, query, database, kept));
    return await compareWithManifest(session.query, database, kept);
  } catch (error) {
    const errno = errnoOf(error);
    // A table that cannot be read is no reason to leave the other databases unverified.
    if (errno === undefined || serverFailureName('target', errno) !== undefined) throw error;
    return notCompared(database, 'unknown', `the server answered: ${messageOf(error)}`);
  }
}

async function isThere(target: ServerSession['query'], database: string): Promise<boolean> {
  const found = await target(`SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${textLiteral(database)}`);
  return found.length > 0;
}

async function withSource<Result>(access: ServerAccess, work: (query: ServerSession['query']) => Promise<Result>): Promise<Result> {
  const session = await openSession('source', access);
  const query: ServerSession['query'] = async <Row>(sql: string): Promise<Row[]> => {
    try {
      return await session.query<Row>(sql);
    } catch (error) {
      // Whose a failure is must be said here: the caller asks both servers.
      const errno = errnoOf(error);
      throw errno === undefined || serverFailureName('source', errno) !== undefined ? serverFailure('source', access, error) : error;
    }
  };
  try {
    for (const sql of readingSession) await session.execute(sql);
    return await work(query);
  } finally {
    await session.close();
  }
}

function describe(verified: readonly Verified[]): string[] {
  const lines = verified.flatMap(({ database, outcome, differences, objectDifferences, reason }) => {
    if (outcome === 'same') return [];
    const found = differences.map(({ text, column, keys }) => `  ${text}${keys.length === 0 ? '' : `; first at \`${column ?? ''}\` ${keys.join(', ')}`}`);
    return [`${database}: ${outcome}${reason === null ? '' : `: ${reason}`}`, ...found, ...objectDifferences.map((text) => `  ${text}`)].map(printable);
  });
  const same = verified.filter(({ outcome }) => outcome === 'same');
  const rows = same.reduce((total, each) => total + (each.rows ?? 0), 0);
  const objects = same.reduce((total, each) => total + (each.objects ?? 0), 0);
  const without = same.filter((each) => each.objects === null).length;
  const rest = without === 0 ? '' : ` Of ${formatPlural(without, 'database')} only rows were compared: no verification has left its definitions.`;
  return [...lines, `${formatCount(same.length)} of ${formatPlural(verified.length, 'database')} hold on the target what they should: ${formatPlural(rows, 'row')}, ${formatPlural(objects, 'definition')}.${rest}`];
}
