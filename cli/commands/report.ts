/** `ferry report`: the certificate of a migration, and the check of one. */
import { open, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { migrationName } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { checkCertificate } from '../certificate/check.ts';
import type { Tail } from '../certificate/document.ts';
import type { Later } from '../certificate/entry.ts';
import { renderHtml } from '../certificate/html.ts';
import { lookAtTarget } from '../certificate/look-at-target.ts';
import { Selection } from '../certificate/selection.ts';
import { writeCertificate } from '../certificate/write.ts';
import type { Written } from '../certificate/write.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { readLooks } from '../looks.ts';
import { chooseRun } from '../runs.ts';
import { readOneServer, optionsOf, serverShape } from '../servers.ts';
import { formatCount, formatPlural } from '../terminal/format.ts';

export const reportCommand: Command = {
  name: 'report',
  summary: 'Write the certificate of a migration for auditors, or check one.',
  positionals: '',
  description: [
    'The JSON has every database: when, from and to what versions, rows, bytes, digests, conversions, retries, failures, and what was taken up again. A SHA-256 over its canonical form is printed: keep it where the file is not. The HTML is a view of it for people.',
    'It says what was proven at which moment, and what `ferry verify` and `ferry drift` found later. Only records and the bucket are read; with --target it is also seen which databases are still there. Issue it before the dumps expire: what is gone from the bucket is listed as missing.',
  ],
  options: {
    migration: { value: 'NAME', help: "The migration (the newest run's)." },
    html: { value: 'FILE', help: 'Write the certificate for people: one file, nothing loaded from elsewhere.' },
    json: { value: 'FILE', help: 'Write the certificate for programs; - is standard output.' },
    check: { value: 'FILE', help: 'Check a certificate (the JSON) instead. Needs no AWS.' },
    sha256: { value: 'HASH', help: 'With --check: the hash that it must have.' },
    ...optionsOf('target'),
    ...deploymentOptions,
  },
  examples: ['ferry report --migration spring-cutover --html certificate.html --json certificate.json', 'ferry report --check certificate.json'],
  run: report,
};

const optionsSchema = z.object({
  ...serverShape,
  migration: migrationName.optional(),
  html: z.string().min(1, 'must name a file').optional(),
  json: z.string().min(1, 'must name a file').optional(),
  check: z.string().min(1, 'must name a file').optional(),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits').optional(),
});

async function report(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  if (options.check !== undefined) {
    if (options.html !== undefined || options.json !== undefined || options.migration !== undefined) {
      throw new FerryError('InvalidInput', '--check reads a certificate: it goes with neither --migration, --html nor --json.');
    }
    const checked = await checkCertificate(resolve(context.directory, options.check), options.sha256);
    print(context.stdout, summary(checked.tail, checked.sha256).join('\n'));
    if (options.sha256 === undefined) print(context.stderr, 'It is as it was issued with this hash. Compare the hash with the one that was kept elsewhere (--sha256).');
    return 0;
  }
  if (options.sha256 !== undefined) throw new FerryError('InvalidInput', '--sha256 goes with --check.');
  const deployment = await connectDeployment(context, values);
  const migration = options.migration ?? (await chooseRun(deployment, {})).migration;
  const now = options.target === undefined ? undefined : { target: await lookAtTarget(await readOneServer(context, 'target', options)), at: context.now().toISOString(), by: await deployment.caller() };
  const later = { looks: await readLooks(deployment, migration), now };
  const files = { html: placeOf(context, options.html), json: placeOf(context, options.json) };
  const written = await issue(context, deployment, migration, { ...files, later });
  print(options.json === '-' ? context.stderr : context.stdout, summary(written.tail, written.sha256).join('\n'));
  return 0;
}

function placeOf({ directory }: Context, file: string | undefined): string | undefined {
  return file === undefined || file === '-' ? file : resolve(directory, file);
}

async function issue(
  context: Context,
  deployment: Deployment,
  migration: string,
  { html, json, later }: { readonly html: string | undefined; readonly json: string | undefined; readonly later: Later },
): Promise<Written> {
  const selection = new Selection();
  const see = selection.add.bind(selection);
  const now = context.now();
  const written =
    json === undefined || json === '-'
      ? await writeCertificate(deployment, migration, { now, later }, { see, write: (text) => writeOut(json === '-' ? context : undefined, text) })
      : await replaceFile('--json', json, (file) => writeCertificate(deployment, migration, { now, later }, { see, write: (text) => file.appendFile(text) }));
  if (html === '-') print(context.stdout, renderHtml(written, selection));
  else if (html !== undefined) await writeFile(html, renderHtml(written, selection)).catch((error: unknown) => Promise.reject(unwritable('--html', html, error)));
  return written;
}

/** Waits for a slow reader, so that the document does not gather in memory. */
async function writeOut(context: Context | undefined, text: string): Promise<void> {
  if (context === undefined || context.stdout.write(text)) return;
  await new Promise<void>((done) => context.stdout.once('drain', done));
}

/** The file is there whole or not at all. */
async function replaceFile<Result>(option: string, place: string, write: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const partial = `${place}.partial`;
  const file = await open(partial, 'w').catch((error: unknown) => Promise.reject(unwritable(option, place, error)));
  try {
    const result = await write(file);
    await file.sync();
    await rename(partial, place);
    return result;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function unwritable(option: string, file: string, error: unknown): FerryError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new FerryError('InvalidInput', `${option} ${file} cannot be written: ${reason}.`, { cause: error });
}

function summary({ migration, issuedAt, overview }: Tail, sha256: string): string[] {
  const { databases, proven, rows, tables, moments, changedSince = 0, lookedAtAgain } = overview;
  const [dumped, verified] = [moments?.dumped ?? [], moments?.verified ?? []].map((times) => times.join(' to '));
  return [
    `Certificate of the migration ${migration}, issued ${issuedAt}`,
    `${formatCount(proven)} of ${formatPlural(databases, 'database')} verified and proven; ${formatPlural(tables, 'table')}, ${formatPlural(rows, 'row')}`,
    ...(verified === undefined || verified === '' ? [] : [`Proven is what the sources held when they were read (${dumped}) and the targets when they were compared (${verified})`]),
    ...(changedSince > 0 ? [`${formatPlural(changedSince, 'database')} proven then, and found to differ or to be gone later`] : []),
    ...(lookedAtAgain === 0 ? ['Nobody has looked at them again since'] : []),
    `SHA-256 ${sha256}`,
  ];
}
