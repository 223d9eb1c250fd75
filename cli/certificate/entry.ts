/** What the certificate says of one database, from its record and from the objects that the record points to. */
import type { z } from 'zod';
import { auditSchema, manifestSchema, reportSchema } from '../../core/contracts.ts';
import type { Manifest, Verification } from '../../core/contracts.ts';
import { databaseDigest } from '../../core/digests/database-digest.ts';
import { auditKey, executionName, reportKey } from '../../core/names.ts';
import { isDone } from '../../core/records.ts';
import type { DatabaseRecord } from '../../core/records.ts';
import type { Deployment } from '../deployment.ts';
import { readStoredJson } from '../objects.ts';
import type { StoredJson } from '../objects.ts';
import type { LaterLook } from '../../core/looks/looks.ts';
import type { Entry } from './document.ts';
import type { TargetNow } from './look-at-target.ts';

/** Later looks at one database that a certificate has, the newest. */
const keptLooks = 50;

export interface Described {
  readonly entry: Entry;
  /** Rule of a conversion to its reason. */
  readonly rules: ReadonlyMap<string, string>;
}

/** What is known of databases besides their records. */
export interface Later {
  readonly looks: ReadonlyMap<string, readonly LaterLook[]>;
  /** Who looks at the target while the certificate is written, and when; undefined: nobody does. */
  readonly now?: { readonly target: TargetNow; readonly at: string; readonly by: string } | undefined;
}

/** @throws FerryError StorageFailed, and what the AWS SDK throws */
export async function describeEntry(deployment: Deployment, migration: string, record: DatabaseRecord, later: Later): Promise<Described> {
  const { database, transitions, state } = record;
  const missing: string[] = [];
  const read = async <Schema extends z.ZodType>(key: string, schema: Schema): Promise<StoredJson<z.infer<Schema>> | undefined> => {
    const stored = await readStoredJson(deployment, key, schema);
    if (stored === undefined) missing.push(key);
    return stored;
  };
  const isUnverified = record.checkpoint === 'UNVERIFIED';
  // Its last one says IMPORTED again: it is the end of its run, not of its import.
  const last = (wanted: string) => (isUnverified ? transitions.slice(0, -1) : transitions).findLast((transition) => transition.state === wanted);
  const [imported, verified] = [last('IMPORTED'), state === 'VERIFIED' ? last('VERIFIED') : undefined];
  const isLoaded = record.checkpoint === 'IMPORTED' || isDone(record);
  const audit = imported === undefined || !isLoaded ? undefined : auditKey(migration, database, imported.attempt);
  const report = verified === undefined ? undefined : reportKey(migration, database, verified.attempt, 'verify');
  const [dumped, audited, reported] = await Promise.all([
    record.dumpManifest === '' ? undefined : read(record.dumpManifest, manifestSchema),
    audit === undefined ? undefined : read(audit, auditSchema),
    report === undefined ? undefined : read(report, reportSchema),
  ]);
  const found = reported?.value.result?.verification;
  return {
    rules: new Map(audited?.value.entries.map(({ rule, reason }) => [rule, reason])),
    entry: {
      database,
      state,
      attempts: record.attempt,
      startedAt: transitions.find((each) => each.state !== 'PENDING')?.at ?? null,
      verifiedAt: verified?.at ?? null,
      unverified: isUnverified,
      source: dumped === undefined ? null : { version: dumped.value.sourceVersion, binlog: dumped.value.binlog ?? null },
      target: found === undefined ? null : { version: found.targetVersion },
      dump: dumped === undefined ? null : describeDump(record.dumpManifest, dumped),
      rows: reported?.value.result?.rows ?? record.rows ?? null,
      ...describeTables(dumped?.value),
      verification:
        reported === undefined || found === undefined || verified === undefined
          ? null
          : {
              attempt: verified.attempt,
              startedAt: reported.value.startedAt,
              finishedAt: reported.value.finishedAt,
              comparedBy: found.comparedBy,
              digest: found.digest ?? null,
              objects: found.objects ?? null,
              ...describeCannotRun(found.cannotRun),
              report: report ?? '',
              sha256: reported.sha256,
              freeze: found.freeze ?? null,
            },
      conversions: audited === undefined ? null : { audit: audit ?? '', sha256: audited.sha256, applied: applied(audited.value.entries) },
      ...describeHistory(record),
      later: verified === undefined ? [] : describeLater(database, verified.at, later, dumped?.value.tables?.length),
      missing,
    },
  };
}

/** What an earlier copy of the database was found to be is no matter any more. */
function describeLater(database: string, verifiedAt: string, { looks, now }: Later, tables: number | undefined): NonNullable<Entry['later']> {
  const kept = (looks.get(database) ?? []).filter(({ at }) => at > verifiedAt).slice(-keptLooks);
  if (now === undefined || tables === undefined) return kept;
  const { outcome, detail } = now.target(database, tables);
  return [...kept, { at: now.at, kind: 'report', by: now.by, comparedWith: 'nothing', outcome, detail }];
}

function describeCannotRun(found: Verification['cannotRun']): Pick<NonNullable<Entry['verification']>, 'cannotRun'> {
  if (found === undefined) return {};
  return { cannotRun: { objects: found.objects, first: found.first.map(({ object, cause }) => ({ object: object.toWellFormed(), cause: cause.toWellFormed() })) } };
}

function describeDump(key: string, { value, sha256 }: StoredJson<Manifest>): Entry['dump'] {
  const { createdAt, readAt, tool, parts } = value;
  return {
    manifest: key,
    sha256,
    createdAt,
    readAt: readAt === undefined ? null : new Date(readAt * 1000).toISOString(),
    tool,
    bytes: parts.reduce((total, part) => total + part.bytes, 0),
    sqlBytes: parts.reduce((total, part) => total + part.sqlBytes, 0),
    parts: parts.map((part) => ({ key: part.key, bytes: part.bytes, sha256: part.sha256 })),
  };
}

function describeTables(manifest: Manifest | undefined): Pick<Entry, 'tables' | 'digest'> {
  const tables = manifest?.tables ?? [];
  return {
    tables: tables.map(({ name, engine, rows, digest }) => ({ name, engine, rows, sum: digest?.sum ?? null, xor: digest?.xor ?? null })),
    digest: digestOf(manifest?.tables),
  };
}

/** Null unless every table has a digest. */
function digestOf(tables: Manifest['tables']): string | null {
  if (tables === undefined) return null;
  const named = tables.flatMap(({ name, digest }) => (digest === undefined ? [] : [{ name, ...digest }]));
  return named.length === tables.length ? databaseDigest(named) : null;
}

function applied(entries: z.infer<typeof auditSchema>['entries']): NonNullable<Entry['conversions']>['applied'] {
  const times = new Map<string, { rule: string; object: string; times: number }>();
  for (const { rule, object } of entries) {
    const key = JSON.stringify([rule, object]);
    times.set(key, { rule, object: object.toWellFormed(), times: (times.get(key)?.times ?? 0) + 1 });
  }
  return [...times.values()];
}

function describeHistory({ transitions }: DatabaseRecord): Pick<Entry, 'retries' | 'failures' | 'continued' | 'transitions'> {
  const failures: Entry['failures'] = [];
  const continued: Entry['continued'] = [];
  let open: string | undefined;
  for (const { at, state, attempt, by, error, message } of transitions) {
    if (error !== undefined) {
      failures.push({ at, attempt, by, error, message: (message ?? '').toWellFormed(), deadLettered: state === 'DEAD_LETTERED' });
      if (state === 'DEAD_LETTERED') open = error;
    } else if (open !== undefined) {
      // The first write after a dead letter is that of the pass which took the database up again.
      continued.push({ at, run: runOf(by), by, after: open });
      open = undefined;
    }
  }
  return {
    retries: transitions.filter(({ state, heldFor }) => state === 'RETRYING' && heldFor === undefined).length,
    failures,
    continued,
    transitions: transitions.map(({ at, state, attempt, by }) => ({ at, state, attempt, by })),
  };
}

function runOf(by: string): string {
  return by.startsWith('arn:') ? executionName(by) : by;
}
