/** `audit.json`, beside the report of the import: what was rewritten, how many rows each table was given, and what waits for other databases. */
import { auditSchema } from '../../core/contracts.ts';
import type { Audit } from '../../core/contracts.ts';
import type { ConversionName } from '../../core/conversions.ts';
import { auditKey } from '../../core/names.ts';
import type { TaskContext } from '../common/task.ts';
import type { AuditEntry } from './rewrite/rewriter.ts';

export interface Imported {
  readonly entries: readonly AuditEntry[];
  readonly off: readonly ConversionName[];
  readonly rows: ReadonlyMap<string, number>;
  readonly others: Audit['others'];
}

export async function writeAudit({ storage, task, signal }: TaskContext, { entries, off, rows, others }: Imported): Promise<Audit> {
  const audit: Audit = {
    database: task.database,
    attempt: task.attempt,
    entries: [...entries],
    off: [...off],
    rows: Object.fromEntries(rows),
    ...(others === undefined ? {} : { others }),
  };
  await storage.putJson(auditKey(task.migration, task.database, task.attempt), audit, signal);
  return audit;
}

/** Of the import that `attempt` made; undefined when it left no audit. */
export async function readAudit({ storage, task, signal }: TaskContext, attempt: number): Promise<Audit | undefined> {
  const parsed = auditSchema.safeParse(await storage.getJson(auditKey(task.migration, task.database, attempt), signal));
  return parsed.success ? parsed.data : undefined;
}
