/**
 * What passes between the parts: one schema for each hop. Types are inferred from the schemas, never written twice.
 * Sizes are bytes, times ISO 8601 in UTC, durations seconds unless the name says otherwise.
 */
import { z } from 'zod';
import { accountFilterSchema, accountPattern } from './accounts/account-filter.ts';
import { accountName, conversionName, conversionOptionsSchema } from './conversions.ts';
import { structureSchema } from './objects/structure.ts';
import { cannotRunSchema, cannotRunSummarySchema } from './stored-objects/cannot-run.ts';

export const migrationName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'must be 1 to 48 lower-case letters, digits or hyphens, not starting with a hyphen');

/** `lock`: a read lock on the tables; `revoke`: and the accounts' write privileges are withdrawn, until someone gives them back. */
export const freezeModes = ['lock', 'revoke'] as const;

export const defaults = {
  maxConcurrency: 200,
  dumpThreads: 4,
  maxConnections: 200,
  maxAttempts: 3,
  freezeMinutes: 60,
  holdMinutes: 30,
  dumpTimeoutMinutes: 720,
  importTimeoutMinutes: 1_440,
  verifyTimeoutMinutes: 720,
} as const;

/** A year: the longest that an execution may last. Source: Step Functions Developer Guide, "Quotas". */
const mostMinutes = 525_600;
const timeoutMinutes = z.number().int().min(1).max(mostMinutes);

/**
 * What a verification compares: rows by number and objects; rows by digest as well; or nothing, in which case a database
 * ends as IMPORTED and never as VERIFIED.
 */
export const verificationLevels = ['counts', 'digests', 'none'] as const;
export const verificationLevelSchema = z.enum(verificationLevels, 'must be digests, counts or none');
export type VerificationLevel = z.infer<typeof verificationLevelSchema>;

/** The input of an execution, as an operator writes it in the console or `ferry start` does. */
export const workflowInputSchema = z.strictObject({
  migration: migrationName,
  databases: z.array(z.string()).optional(),
  /** `s3://bucket/key` of a text with one name on each line, for lists past the 256 KiB of an input. */
  databaseList: z.string().regex(/^s3:\/\/[^/]+\/.+$/, 'must look like s3://bucket/key').optional(),
  /** Branches at once; Amazon States Language MaxConcurrency. */
  maxConcurrency: z.number().int().min(1).max(10_000).default(defaults.maxConcurrency),
  /** Dumps at once on the source. */
  dumpThreads: z.number().int().min(1).max(1_000).default(defaults.dumpThreads),
  /** The gate: imports are granted while the target's connections stay under this. */
  maxConnections: z.number().int().min(1).max(16_000).default(defaults.maxConnections),
  /** Tries of each stage of a branch before its dead letter. */
  maxAttempts: z.number().int().min(1).max(10).default(defaults.maxAttempts),
  /** How long a branch is held for a server or service that all branches need, in each of its stages, before its dead letter. */
  holdMinutes: z.number().int().min(1).max(1_440).default(defaults.holdMinutes),
  /** How long one task of each stage may take. A verification that follows its import at once is part of the import. */
  dumpTimeoutMinutes: timeoutMinutes.default(defaults.dumpTimeoutMinutes),
  importTimeoutMinutes: timeoutMinutes.default(defaults.importTimeoutMinutes),
  verifyTimeoutMinutes: timeoutMinutes.default(defaults.verifyTimeoutMinutes),
  /** Databases that are done, which are to be dumped again and replaced on the target. */
  replace: z.array(z.string()).default([]),
  /** Rules of the conversion that are not applied. */
  noConvert: z.array(conversionName).default([]),
  /** The account that replaces definers which the target does not have; absent: all definers stay. */
  definer: accountName.optional(),
  /** Whether the accounts whose grants reach the databases are made on the target. */
  accounts: z.boolean().default(false),
  /** Only the accounts that one of these describes (none: all), and none that one of those describes; `app_*@10.%`, with `*` and `?` as wildcards. */
  accountsInclude: z.array(accountPattern).default([]),
  accountsExclude: z.array(accountPattern).default([]),
  /** Checks (docs/assessment.md) in spite of which a database is dumped; each would refuse it otherwise. */
  allow: z.array(z.string()).default([]),
  /** Every database named is dumped again, and what is VERIFIED is replaced on the target. */
  secondWave: z.boolean().default(false),
  verification: verificationLevelSchema.default('digests'),
  /** Whether writers are kept out of each database from before its dump until it is verified. */
  freeze: z.enum(['none', ...freezeModes]).default('none'),
  /** The deadline: no database stays frozen longer, unless it is verified and `freeze` is `revoke`. */
  freezeMinutes: z.number().int().min(1).max(1_440).default(defaults.freezeMinutes),
});
export type WorkflowInput = z.infer<typeof workflowInputSchema>;

/** One line of a pass's list in S3; `key` is `databaseKey(database)`, because States Language cannot encode it. */
export const passItemSchema = z.object({ database: z.string(), key: z.string() });

export const passSchema = z.object({
  migration: migrationName,
  run: z.string(),
  pass: z.number().int().min(1),
  bucket: z.string(),
  listKey: z.string(),
  resultsPrefix: z.string(),
  /** Databases in the pass, and those of the input that were done before it: VERIFIED, or UNVERIFIED as they were asked to be. */
  count: z.number().int(),
  verifiedBefore: z.number().int(),
  /** Of these, UNVERIFIED. */
  unverifiedBefore: z.number().int().default(0),
  /** Of a pass over what waits for other databases: what it leaves alone, though it is not done. */
  setAside: z.object({ count: z.number().int(), listKey: z.string() }).optional(),
  /** Of such a pass: digest of what its databases waited for at its beginning. */
  waitedFor: z.string().optional(),
  maxConcurrency: z.number().int(),
  dumpThreads: z.number().int(),
  maxConnections: z.number().int(),
  maxAttempts: z.number().int(),
  /** Absent in passes of earlier versions, as the time-outs are. */
  holdMinutes: z.number().int().optional(),
  /** TimeoutSeconds of the tasks. */
  timeoutSeconds: z.object({ dump: z.number().int(), import: z.number().int(), verify: z.number().int() }).optional(),
  conversion: conversionOptionsSchema,
  accounts: z.boolean(),
  /** Absent in passes of earlier versions. */
  accountFilter: accountFilterSchema.optional(),
  allow: z.array(z.string()),
  verification: verificationLevelSchema,
  /** What the record of a database says at its end. */
  outcome: z.object({ state: z.enum(['VERIFIED', 'IMPORTED']), checkpoint: z.enum(['VERIFIED', 'UNVERIFIED']) }),
  freeze: z.object({ mode: z.enum(['none', ...freezeModes]), minutes: z.number().int() }),
});
export type Pass = z.infer<typeof passSchema>;

export const tallySchema = z.object({
  total: z.number().int(),
  verified: z.number().int(),
  /** Imported by a run that was told not to verify; 0 of a tally of an earlier version. */
  unverified: z.number().int().default(0),
  deadLettered: z.number().int(),
  unfinished: z.number().int(),
  /** Objects of the migration's verified databases that cannot run on the target; 0 of a tally of an earlier version. */
  cannotRun: z.number().int().default(0),
  /** Nothing is left to do, here or for the operator. */
  allVerified: z.boolean(),
  /** Databases wait for others, and since the last pass began something has changed. */
  anotherPass: z.boolean().default(false),
  /** `name (Error)`, the first few that are not done. */
  sample: z.array(z.string()),
});
export type Tally = z.infer<typeof tallySchema>;

export const gateAnswerSchema = z.object({
  granted: z.boolean(),
  /** Before asking again; 0 when granted. */
  delaySeconds: z.number().int(),
  connections: z.number().int(),
  holders: z.number().int(),
  limit: z.number().int(),
  /** How often this branch has asked in vain since its last grant; it is given back with the next question. */
  polls: z.number().int(),
  /** ISO time of its first question since its last grant, given back likewise; empty when granted. */
  since: z.string(),
});
export type GateAnswer = z.infer<typeof gateAnswerSchema>;

export const stageSchema = z.enum(['dump', 'import', 'verify']);

/** Of a table, or of a range of it: as `core/digests` takes them. */
const digestSchema = z.object({ rows: z.number().int(), sum: z.string(), xor: z.string() });

const keyRangeSchema = z.object({ column: z.string(), from: z.string().optional(), below: z.string().optional() });

const dumpedTableSchema = z.object({
  name: z.string(),
  engine: z.string().nullable(),
  rows: z.number().int(),
  /** When it had last been written to, in seconds since 1970 by the source's clock; null where its engine does not say. */
  updatedAt: z.number().int().nullable().optional(),
  /** Absent in a dump that was made by hand with counts alone. */
  digest: digestSchema.optional(),
  /** Columns whose values the digests have as their SHA-256 instead of hexadecimal digits; absent where there are none, and in dumps of before. */
  hashed: z.array(z.string()).optional(),
  /** Of a large table: digests that add up to its own. */
  ranges: z.array(digestSchema.extend({ range: keyRangeSchema })).optional(),
  /** By JSON column: values of types that text cannot carry, which a digest of the text does not see. Absent where there are none. */
  jsonTypes: z.record(z.string(), z.record(z.string(), z.number().int())).optional(),
});
export type DumpedTable = z.infer<typeof dumpedTableSchema>;

/** `manifest.json` of a dump: written last, so that a dump without one is no dump. */
export const manifestSchema = z.object({
  format: z.literal(1),
  migration: migrationName,
  database: z.string(),
  attempt: z.union([z.number().int(), z.literal('manual')]),
  createdAt: z.string(),
  tool: z.string().describe('what `mysqldump --version` says'),
  options: z.array(z.string()).describe('as given to mysqldump, without any secret'),
  sourceVersion: z.string(),
  /** The source's clock before anything was read, in seconds since 1970. */
  readAt: z.number().int().optional(),
  defaultCharacterSet: z.string(),
  defaultCollation: z.string(),
  /** Read in this order; `triggers` are loaded after all rows. */
  parts: z.array(
    z.object({
      role: z.enum(['main', 'triggers']),
      key: z.string(),
      compression: z.enum(['zstd', 'gzip', 'none']),
      /** Of the object as stored. */
      bytes: z.number().int(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** Of the SQL text. */
      sqlBytes: z.number().int(),
      /** Whether stored programs stand behind lines that say where they end, as Ferry writes them. */
      measured: z.boolean().optional(),
    }),
  ),
  /** What the dump holds to verify its import with; absent in a dump made by hand. */
  verification: verificationLevelSchema.optional(),
  /** Base tables as they were on the source; absent when a dump was made by hand without counting, or not to be verified. */
  tables: z.array(dumpedTableSchema).optional(),
  /** Its objects as `core/objects` reads them, which the target's are compared with; absent in a dump made by hand. */
  structure: structureSchema.optional(),
  binlog: z.object({ file: z.string(), position: z.number().int() }).optional(),
  /** An object of JSON lines, with what of JSON documents the SQL cannot carry; absent where there is nothing of the kind. */
  jsonValues: z.object({ key: z.string(), documents: z.number().int(), bytes: z.number().int(), sha256: z.string() }).optional(),
  /** The freeze that the dump was made under; what is verified by it must still have it. */
  freeze: z.object({ id: z.string(), mode: z.enum(freezeModes), since: z.string(), until: z.string() }).optional(),
  /** SHA-256 of all the rest; absent in a dump made by hand, and in those of before. */
  checksum: z.string().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** `audit.json`, beside the report of an import: what was rewritten, and how many rows each table was given. */
export const auditSchema = z.object({
  database: z.string(),
  attempt: z.number().int(),
  entries: z.array(z.object({ rule: z.string(), reason: z.string(), object: z.string(), before: z.string(), after: z.string() })),
  /** Rules that the operator had switched off. */
  off: z.array(z.string()).default([]),
  /** By table, what its INSERT statements reported. */
  rows: z.record(z.string(), z.number().int()),
  /** What refers to other databases; absent where nothing does. */
  others: z
    .object({
      /** All views, where one of them could not be made yet. Characters are bytes. */
      views: z.array(z.object({ name: z.string(), settings: z.array(z.string()), sql: z.string() })),
      /** Whether foreign keys refer to tables of other databases. */
      keys: z.boolean(),
    })
    .optional(),
});
export type Audit = z.infer<typeof auditSchema>;

/** What a verification found on the target. */
export const verificationSchema = z.object({
  /** VERSION() of the target; of Aurora its own version too. */
  targetVersion: z.string(),
  /** `counts` where that was asked for, or the manifest had no digests to compare with. */
  comparedBy: z.enum(['digests', 'counts']),
  /** `databaseDigest` of the target's tables; absent where rows were counted and no more. */
  digest: z.string().optional(),
  /** How many objects were compared and are as on the source; absent where the manifest describes none. */
  objects: z.number().int().optional(),
  /** Those among them that are as on the source and cannot run on the target; absent where all can. */
  cannotRun: cannotRunSummarySchema.optional(),
  /** The source was frozen from before its dump until after the comparison. */
  freeze: z.object({ mode: z.enum(freezeModes), since: z.string(), confirmedAt: z.string() }).optional(),
});
export type Verification = z.infer<typeof verificationSchema>;

/** `objects.json`: what the newest verification found on the target, so that a later one without writing can be compared with it. */
export const verifiedObjectsSchema = z.object({ dumpManifest: z.string(), structure: structureSchema, cannotRun: z.array(cannotRunSchema).optional() });
export type VerifiedObjects = z.infer<typeof verifiedObjectsSchema>;

const reportErrorSchema = z.object({
  name: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  /** The stage whose work the failure has shown to be worthless; absent: the failed stage is to be tried again. */
  resumeAt: stageSchema.optional(),
});

/** `report.json` of a task, at `reportKey(…)`; small, because the state machine reads it (256 KiB). */
export const reportSchema = z.object({
  stage: stageSchema,
  database: z.string(),
  attempt: z.number().int(),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** Milliseconds by step: waiting for a slot, dumping, uploading, schema, rows, … */
  milliseconds: z.record(z.string(), z.number()),
  peakRssBytes: z.number().int(),
  /** Absent when the task succeeded. */
  error: reportErrorSchema.optional(),
  /** Present when the task succeeded: what the record stores. */
  result: z
    .object({
      dumpManifest: z.string(),
      tables: z.number().int(),
      rows: z.number().int(),
      sqlBytes: z.number().int(),
      dumpBytes: z.number().int(),
      /** Statements that were rewritten on import; their audit is in `audit.json` beside the report. */
      conversions: z.number().int(),
      verification: verificationSchema.optional(),
      /** Of a verification: what the run asked for; after `none` nothing was compared. */
      level: verificationLevelSchema.optional(),
      /** Of a verification: digest of when the target made each table and program of the database, by which it is known once its marker is gone. */
      identity: z.string().optional(),
      /** Of an import: the level at which its own task has verified it too, with a report of its own; absent when that is still to be done. */
      verified: verificationLevelSchema.optional(),
    })
    .optional(),
});
export type Report = z.infer<typeof reportSchema>;
