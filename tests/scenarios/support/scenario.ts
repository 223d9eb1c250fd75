/**
 * A scenario is a folder of files: a database of a source, and what is to become of it.
 *
 *   scenario.json   what it shows, its options, and what is expected (the schema below)
 *   source.sql      fills the database on the source, read by the `mysql` program
 *   dump.sql        instead of source.sql: a dump that was made by other means
 *   target.sql      what an administrator did on the target before; optional
 *   expected.sql    structure and rows on the target, as `describeDatabase` writes them
 *   expected.diff   what the conversion changed, as `describeAudit` writes it
 *
 * Of source.sql and the expected files there may be others for some of the sources: `expected.mysql-8.0,mysql-9.7.sql`.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, parse } from 'node:path';
import { z } from 'zod';
import { conversionName, accountName } from '../../../core/conversions.ts';
import { targetNames, versionNames } from '../../../local/mysql/versions.ts';
import type { TargetName, VersionName } from '../../../local/mysql/versions.ts';
import { catalogueRow, verdict } from './catalogue.ts';

const scenarioSchema = z.strictObject({
  about: z.string(),
  /** Servers of which it is shown. */
  sources: z.array(z.enum(versionNames)).min(1).default(['mysql-5.5', 'mysql-5.6', 'mysql-5.7', 'mysql-8.0', 'mysql-9.7']),
  /** After CREATE DATABASE and its name. */
  database: z.string().default(''),
  options: z.strictObject({ noConvert: z.array(conversionName).default([]), definer: accountName.optional() }).prefault({}),
  /** Of a dump.sql: what its manifest is to say. */
  dump: z.strictObject({ sourceVersion: z.string(), characterSet: z.string(), collation: z.string() }).optional(),
  /** What the assessment finds: identifiers of its checks and their severities. */
  findings: z.array(z.strictObject({ id: z.string(), severity: z.enum(['blocks', 'converted', 'warning', 'information']) })),
  /** The stage that fails, with words of its message; absent: the database is migrated and verified. */
  fails: z
    .strictObject({
      stage: z.enum(['dump', 'import', 'verify']),
      error: z.string(),
      message: z.string(),
      /** Versions of the target that refuse it; to others it is migrated. */
      targets: z.array(z.enum(targetNames)).min(1).default([...targetNames]),
      /** The rule that refuses it; absent: a server does. */
      rule: conversionName.optional(),
    })
    .optional(),
  /** Why rows are not the same on both sides, when they are not. */
  rowsDiffer: z.string().optional(),
  /** Whether expected.diff also has what every dump has: the settings in its header. */
  wholeAudit: z.boolean().default(false),
  /** Rows of the catalogue that it proves. */
  proves: z.partialRecord(catalogueRow, z.strictObject({ verdict, how: z.string() })),
});

export interface Scenario extends z.infer<typeof scenarioSchema> {
  readonly name: string;
  readonly folder: string;
}

const root = join(import.meta.dirname, '..');

/** @throws Error that names the folder and the field */
export function readScenarios(): Scenario[] {
  return globSync('*/scenario.json', { cwd: root })
    .map((path) => dirname(path))
    .sort()
    .map(readScenario);
}

function readScenario(name: string): Scenario {
  const folder = join(root, name);
  const parsed = scenarioSchema.safeParse(JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8')));
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`tests/scenarios/${basename(folder)}/scenario.json: ${issues.join('; ')}`);
  }
  const hasDump = existsSync(join(folder, 'dump.sql'));
  if (hasDump !== (parsed.data.dump !== undefined)) throw new Error(`${name}: dump.sql and the field dump belong together`);
  if (!hasDump && !existsSync(join(folder, 'source.sql'))) throw new Error(`${name} has neither source.sql nor dump.sql`);
  return { ...parsed.data, name, folder };
}

/** Undefined when the folder has no such file. */
export function fileOf({ folder }: Scenario, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** `expected.sql`, or where the folder has it the file for this source: `expected.mysql-8.0,mysql-9.7.sql`. */
export function nameFor({ folder }: Scenario, name: string, source: VersionName): string {
  const { name: stem, ext } = parse(name);
  const isForSource = (file: string): boolean => file.slice(stem.length + 1, -ext.length).split(',').includes(source);
  return globSync(`${stem}.*${ext}`, { cwd: folder }).find(isForSource) ?? name;
}

/** What is to fail on the way to a target. */
export function failureAt({ fails }: Scenario, target: TargetName): Scenario['fails'] {
  return fails?.targets.includes(target) === true ? fails : undefined;
}
