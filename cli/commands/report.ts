/** `ferry report`: the certificate of a migration, and the check of one. */
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
import { findOutputPlace, writeOutput } from '../files/outputs.ts';
import type { OutputPlace, Pieces } from '../files/outputs.ts';
import { Spool } from '../files/spool.ts';
import { writeStandardOutput } from '../files/standard-output.ts';
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
  const written = await issue(context, deployment, migration, { html: options.html, json: options.json, later });
  print(options.json === '-' ? context.stderr : context.stdout, summary(written.tail, written.sha256).join('\n'));
  return 0;
}

/** Both documents are whole before a byte of either is written, and what cannot be written is found before they are made. */
async function issue(context: Context, deployment: Deployment, migration: string, { html, json, later }: { readonly html: string | undefined; readonly json: string | undefined; readonly later: Later }): Promise<Written> {
  const places = { html: await placeOf(context, '--html', html), json: await placeOf(context, '--json', json) };
  const selection = new Selection();
  await using spool = await Spool.open();
  const see = selection.add.bind(selection);
  const write = places.json === undefined ? () => Promise.resolve() : spool.write.bind(spool);
  const written = await writeCertificate(deployment, migration, { now: context.now(), later }, { see, write });
  await deliver(context, places.json, spool.read());
  await deliver(context, places.html, [renderHtml(written, selection)]);
  return written;
}

type Place = OutputPlace | 'standard output' | undefined;

async function placeOf({ directory }: Context, option: string, file: string | undefined): Promise<Place> {
  if (file === undefined) return undefined;
  return file === '-' ? 'standard output' : findOutputPlace(option, resolve(directory, file));
}

async function deliver(context: Context, place: Place, pieces: Pieces): Promise<void> {
  if (place === undefined) return;
  if (place === 'standard output') await writeStandardOutput(context, pieces);
  else await writeOutput(place, pieces);
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
