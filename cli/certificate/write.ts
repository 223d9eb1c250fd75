/**
 * Writes a certificate as it reads: one database after the other, whatever their number. The hash is that of the document's
 * canonical JSON without its member `sha256`; the file has the same bytes, with a line break between databases.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { chunksOf, mapConcurrently } from '../../core/concurrency.ts';
import { FerryError } from '../../core/errors.ts';
import { listRecords, withHistory } from '../../core/records.ts';
import { readRuns } from '../../core/runs.ts';
import type { Deployment } from '../deployment.ts';
import { readActions } from '../operator-actions.ts';
import { recordsTable } from '../records.ts';
import type { Entry, Tail } from './document.ts';
import { head } from './document.ts';
import { describeEntry } from './entry.ts';
import type { Later } from './entry.ts';
import { OverviewCounter } from './overview.ts';

/** Databases whose objects are read at once: three of each, a few kB mostly. */
const readAtOnce = 32;
const chunk = 128;

export interface Written {
  readonly tail: Tail;
  readonly sha256: string;
}

/**
 * @param write takes the text of the file, piece by piece
 * @param see is shown every entry
 * @throws FerryError RunNotFound for a migration that has no records; StorageFailed, and what the AWS SDK throws
 */
export async function writeCertificate(
  deployment: Deployment,
  migration: string,
  { now, later }: { readonly now: Date; readonly later: Later },
  { write, see }: { readonly write: (text: string) => Promise<void>; readonly see: (entry: Entry) => void },
): Promise<Written> {
  const hash = createHash('sha256');
  const signed = async (text: string, lineBreak = ''): Promise<void> => {
    hash.update(text);
    await write(`${text}${lineBreak}`);
  };
  const table = recordsTable(deployment, migration);
  const counter = new OverviewCounter();
  const rules = new Map<string, string>();
  let separator = '';
  await signed(`{"certificate":${canonicalJson(head.certificate)},"databases":[`, '\n');
  for await (const page of listRecords(table)) {
    for (const records of chunksOf(page, chunk)) {
      for (const { entry, rules: found } of await mapConcurrently(records, readAtOnce, async (record) => describeEntry(deployment, migration, await withHistory(table, record), later))) {
        if (separator !== '') await signed(separator, '\n');
        separator = ',';
        await signed(canonicalJson(entry));
        counter.add(entry);
        see(entry);
        for (const [rule, reason] of found) rules.set(rule, reason);
      }
    }
  }
  if (separator === '') throw new FerryError('RunNotFound', `The migration ${migration} has no records in ${deployment.description}.`);
  const tail: Tail = { issuedAt: now.toISOString(), migration, overview: counter.overview(), rules: Object.fromEntries(rules), runs: await describeRuns(deployment, migration) };
  await write('\n');
  hash.update(`],${canonicalJson(tail).slice(1)}`);
  const sha256 = hash.digest('hex');
  await write(`],${canonicalJson(tail).slice(1, -1)},"sha256":"${sha256}"}\n`);
  return { tail, sha256 };
}

async function describeRuns(deployment: Deployment, migration: string): Promise<Tail['runs']> {
  const actions = await readActions(deployment, migration);
  return (await readRuns(recordsTable(deployment, migration))).map(({ run: name, runArn, startedAt, updatedAt, pass, redriveCount }) => ({
    run: name,
    arn: runArn,
    startedAt,
    updatedAt,
    passes: pass,
    redrives: redriveCount,
    actions: actions.flatMap(({ run, at, action, by }) => (run === name ? [{ at, action, by }] : [])),
  }));
}
