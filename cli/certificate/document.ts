/**
 * The certificate of a migration as a JSON document. `docs/verification.md` describes it for auditors; its schema is strict, so that
 * what is not described there is not accepted either. Times are ISO 8601 in UTC, sizes bytes.
 */
import { z } from 'zod';
import { freezeModes } from '../../core/contracts.ts';
import { lookKinds, lookOutcomes } from '../../core/looks/looks.ts';
import { operatorActionSchema } from '../../core/operator-actions.ts';
import { databaseStateSchema } from '../../core/records.ts';

const count = z.number().int().nonnegative();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const failureSchema = z.strictObject({ at: z.string(), attempt: count, by: z.string(), error: z.string(), message: z.string(), deadLettered: z.boolean() });

export const entrySchema = z.strictObject({
  database: z.string(),
  state: databaseStateSchema,
  attempts: count,
  startedAt: z.string().nullable(),
  /** Of the newest verification; null unless the database is VERIFIED. */
  verifiedAt: z.string().nullable(),
  /** Done, and not verified, as its run was told. */
  unverified: z.boolean(),
  /** What the dump read. */
  source: z.strictObject({ version: z.string(), binlog: z.strictObject({ file: z.string(), position: count }).nullable() }).nullable(),
  /** What the verification read; null where it left no report of it. */
  target: z.strictObject({ version: z.string() }).nullable(),
  dump: z
    .strictObject({
      manifest: z.string(),
      /** Of the manifest as it is stored. */
      sha256: hash,
      createdAt: z.string(),
      /** The source's clock before anything was read: what was proven is of that moment or a little later. Null where the dump does not say. */
      readAt: z.string().nullable().optional(),
      tool: z.string(),
      bytes: count,
      sqlBytes: count,
      parts: z.array(z.strictObject({ key: z.string(), bytes: count, sha256: hash })),
    })
    .nullable(),
  rows: count.nullable(),
  /** Of the source: order-free sum and xor of the rows' hashes. */
  tables: z.array(z.strictObject({ name: z.string(), engine: z.string().nullable(), rows: count, sum: z.string().nullable(), xor: z.string().nullable() })),
  /** `databaseDigest` of those tables; null where they were counted and no more. */
  digest: hash.nullable(),
  verification: z
    .strictObject({ attempt: count, startedAt: z.string(), finishedAt: z.string(), comparedBy: z.enum(['digests', 'counts']), digest: hash.nullable(), objects: count.nullable(), report: z.string(), sha256: hash,
      /** Of those objects: as on the source, and not able to run on the target; how many, and the first with their causes. Absent where all run. */
      cannotRun: z.strictObject({ objects: count, first: z.array(z.strictObject({ object: z.string(), cause: z.string() })) }).optional(),
      /** Writers were shut out of the source from before the dump until after the comparison. */
      freeze: z.strictObject({ mode: z.enum(freezeModes), since: z.string(), confirmedAt: z.string() }).nullable(),
    })
    .nullable(),
  /** Statements rewritten on import, by rule and object; the whole texts are in the audit. */
  conversions: z
    .strictObject({ audit: z.string(), sha256: hash, applied: z.array(z.strictObject({ rule: z.string(), object: z.string(), times: count })) })
    .nullable(),
  retries: count,
  failures: z.array(failureSchema),
  /** When it was taken up again after a failure, and by which run. */
  continued: z.array(z.strictObject({ at: z.string(), run: z.string(), by: z.string(), after: z.string() })),
  transitions: z.array(z.strictObject({ at: z.string(), state: databaseStateSchema, attempt: count, by: z.string() })),
  /** What was found when it was looked at again after its verification, the first first; absent in certificates of format 1. */
  later: z
    .array(z.strictObject({ at: z.string(), kind: z.enum(lookKinds), by: z.string(), comparedWith: z.enum(['manifest', 'source', 'nothing']), outcome: z.enum(lookOutcomes), detail: z.string() }))
    .optional(),
  /** Objects that the record points to and the bucket no longer has. */
  missing: z.array(z.string()),
});
export type Entry = z.infer<typeof entrySchema>;

/** As the `ferry` of whoever did it wrote it down; what was done in the console is not among them. */
const actionSchema = z.strictObject({ at: z.string(), action: operatorActionSchema.shape.action, by: z.string() });

const tally = z.record(z.string(), count);

export const overviewSchema = z.strictObject({
  databases: count,
  states: tally,
  /** VERIFIED with everything that proves it at hand, and nothing that was found later speaks against it. */
  proven: count,
  /** Since format 2: proven when they were verified, and found to differ, or gone, later; and how many were looked at later at all. */
  changedSince: count.optional(),
  lookedAtAgain: count.optional(),
  /** Since format 2: of the proven and the changed, the first and the last moment of the sources that was dumped, and at which a target was compared. */
  moments: z.strictObject({ dumped: z.array(z.string()), verified: z.array(z.string()) }).optional(),
  comparedBy: tally,
  tables: count,
  rows: count,
  /** Definitions that were compared and are as on the source: tables, columns, indexes, views, … */
  objects: count,
  /** Of those: objects that cannot run on the target, and how many databases have some. Absent where all run. */
  cannotRun: z.strictObject({ objects: count, databases: count }).optional(),
  dumpBytes: count,
  sqlBytes: count,
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  sourceVersions: tally,
  targetVersions: tally,
  /** Rule to the number of statements. */
  conversions: tally,
  failures: tally,
  retries: count,
  continued: count,
});
export type Overview = z.infer<typeof overviewSchema>;

export const headSchema = z.strictObject({
  certificate: z.strictObject({ name: z.literal('aurora-ferry-migration'), format: z.union([z.literal(1), z.literal(2)]), digests: z.string(), canonicalization: z.literal('RFC 8785') }),
});

export const tailSchema = z.strictObject({
  issuedAt: z.string(),
  migration: z.string(),
  overview: overviewSchema,
  /** Rule of a conversion to why it is applied. */
  rules: z.record(z.string(), z.string()),
  runs: z.array(z.strictObject({ run: z.string(), arn: z.string(), startedAt: z.string(), updatedAt: z.string(), passes: count, redrives: count, actions: z.array(actionSchema) })),
});
export type Tail = z.infer<typeof tailSchema>;

export const head: z.infer<typeof headSchema> = {
  certificate: {
    name: 'aurora-ferry-migration',
    format: 2,
    digests: 'rows, and decimal sum and xor of 64 bits of the SHA-256 of each row in canonical text',
    canonicalization: 'RFC 8785',
  },
};
