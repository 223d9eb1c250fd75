/** `audit.json`, beside the report of the import: what was rewritten, and how many rows each table was given. */
import { auditSchema } from '../../core/contracts.ts';
import type { Audit } from '../../core/contracts.ts';
import { auditKey } from '../../core/names.ts';
import type { TaskContext } from '../common/task.ts';
import type { AuditEntry } from './rewrite/rewriter.ts';

export async function writeAudit({ storage, task, signal }: TaskContext, entries: readonly AuditEntry[], rows: ReadonlyMap<string, number>): Promise<void> {
  const audit = { database: task.database, attempt: task.attempt, entries: [...entries], rows: Object.fromEntries(rows) };
  await storage.putJson(auditKey(task.migration, task.database, task.attempt), audit satisfies Audit, signal);
}

/** Of the import that `attempt` made; undefined when it left no audit. */
export async function readAudit({ storage, task, signal }: TaskContext, attempt: number): Promise<Audit | undefined> {
  const parsed = auditSchema.safeParse(await storage.getJson(auditKey(task.migration, task.database, attempt), signal));
  return parsed.success ? parsed.data : undefined;
}
