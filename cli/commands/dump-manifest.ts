/** `ferry dump-manifest`: the manifest of a dump that someone made by hand, without which it is no dump. */
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { z } from 'zod';
import { manifestSchema, migrationName } from '../../core/contracts.ts';
import type { Manifest } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { checkDatabaseName, dumpPrefix, handMadeAttempt, manifestKey } from '../../core/names.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printData } from '../context.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import type { Deployment } from '../deployment.ts';
import { readDump, readHeader } from '../dump-manifest/read-dump.ts';
import { findOutputPlace, writeOutput } from '../files/outputs.ts';
import type { DumpHeader } from '../dump-manifest/read-dump.ts';
import { formatCount, formatPlural } from '../terminal/format.ts';
import { printable } from '../terminal/text.ts';

export const dumpManifestCommand: Command = {
  name: 'dump-manifest',
  summary: 'Write the manifest of a dump made by hand, with which it enters a migration.',
  positionals: 'FILE',
  description: [
    'FILE is the dump of one database as SQL, plain or compressed with gzip or zstd. It is read as its import will read it: what that would refuse is refused here, with its line. Rows are counted, so that the import can be verified.',
    'Version, name and collation of the source come from the first lines of the dump, where they say so, and from the options else.',
  ],
  options: {
    migration: { value: 'NAME', help: 'The migration that the database is to enter (needed).' },
    database: { value: 'NAME', help: 'The database (what the dump says).' },
    'source-version': { value: 'VERSION', help: 'SELECT VERSION() of the source (what the dump says).' },
    collation: { value: 'NAME', help: "The database's default collation, DEFAULT_COLLATION_NAME of information_schema.SCHEMATA on the source (what the dump says; most do not)." },
    output: { value: 'FILE', help: 'Where the manifest is written (FILE.manifest.json).' },
    upload: { help: 'Put the dump, and then the manifest, into the bucket of the stack or local runtime.' },
    ...deploymentOptions,
  },
  examples: ['ferry dump-manifest crm.sql.gz --migration spring-cutover --collation utf8_general_ci', 'ferry dump-manifest crm.sql.gz --migration spring-cutover --collation latin1_swedish_ci --upload --stage prod'],
  run: dumpManifest,
};

const optionsSchema = z.object({
  migration: z.string('is needed: it names the effort, across runs').pipe(migrationName),
  database: z.string().optional(),
  'source-version': z.string().regex(/^\d+\.\d+/, 'must look like 5.6.24').optional(),
  collation: z.string().regex(/^[a-z0-9_]+$/, 'must be the name of a collation').optional(),
  output: z.string().min(1, 'must name a file').optional(),
  upload: z.boolean().default(false),
});

const endings = { none: 'sql', gzip: 'sql.gz', zstd: 'sql.zst' } as const;

async function dumpManifest(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    throw new FerryError('InvalidInput', 'ferry dump-manifest takes one file.');
  }
  const file = resolve(context.directory, name);
  const deployment = options.upload ? await connectDeployment(context, values, 'work') : undefined;
  const output = resolve(context.directory, options.output ?? `${file}.manifest.json`);
  const header = await readHeader(file);
  const place = await findOutputPlace('--output', output);
  const manifest = await describeDump(context, file, options, header);
  await writeOutput(place, [`${JSON.stringify(manifest, undefined, 2)}\n`]);
  const rows = (manifest.tables ?? []).reduce((total, table) => total + table.rows, 0);
  print(context.stderr, printable(`${manifest.database}: ${formatPlural(manifest.tables?.length ?? 0, 'table')}, ${formatPlural(rows, 'row')} in ${formatCount(manifest.parts[0]?.sqlBytes ?? 0)} bytes of SQL. The manifest is ${output}.`));
  if (deployment === undefined) printData(context, copyCommands(manifest, file, output).join('\n'));
  else await upload(context, deployment, manifest, file);
  return 0;
}

async function describeDump(
  context: Context,
  file: string,
  options: z.infer<typeof optionsSchema>,
  header: DumpHeader,
): Promise<Manifest> {
  const database = needed('database', options.database ?? header.database, 'its database');
  checkDatabaseName(database);
  const sourceVersion = needed('source-version', options['source-version'] ?? header.sourceVersion, 'the version of its source');
  const collation = needed('collation', options.collation ?? header.collation, "its database's collation");
  const { part, tables } = await readDump(file, database, sourceVersion);
  return manifestSchema.parse({
    format: 1,
    migration: options.migration,
    database,
    attempt: handMadeAttempt,
    createdAt: context.now().toISOString(),
    tool: header.tool ?? 'unknown',
    options: [],
    sourceVersion,
    // A collation's name begins with that of its character set.
    defaultCharacterSet: collation.replace(/_.*$/, ''),
    defaultCollation: collation,
    parts: [{ role: 'main', key: `${dumpPrefix(options.migration, database, handMadeAttempt)}dump.${endings[part.compression]}`, ...part }],
    tables,
  });
}

function needed(option: string, value: string | undefined, what: string): string {
  if (value !== undefined) return value;
  throw new FerryError('InvalidInput', `The dump does not say ${what}: name it with --${option}.`);
}

/** The manifest goes last: its event registers the database. */
function copyCommands({ migration, database, parts }: Manifest, file: string, output: string): string[] {
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  return [
    `aws s3 cp ${quote(file)} ${quote(`s3://BUCKET/${parts[0]?.key ?? ''}`)}`,
    `aws s3 cp ${quote(output)} ${quote(`s3://BUCKET/${manifestKey(migration, database, handMadeAttempt)}`)}`,
  ];
}

async function upload(
  context: Context,
  { s3, bucketName, description }: Deployment,
  manifest: Manifest,
  file: string,
): Promise<void> {
  const Key = manifest.parts[0]?.key ?? '';
  await new Upload({ client: s3, params: { Bucket: bucketName, Key, Body: createReadStream(file) } }).done();
  const key = manifestKey(manifest.migration, manifest.database, handMadeAttempt);
  await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: key, Body: JSON.stringify(manifest), ContentType: 'application/json' }));
  print(context.stderr, `Put ${basename(file)} and its manifest into s3://${bucketName}/${dumpPrefix(manifest.migration, manifest.database, handMadeAttempt)} of ${description}.`);
  printData(context, `ferry start --migration ${manifest.migration} ${manifest.database}`);
}
