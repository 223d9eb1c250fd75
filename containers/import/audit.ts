/** `audit.json`, beside the report of the import: what was rewritten, and how many rows each table was given. */
import { z } from 'zod';
import { reportKey } from '../../core/names.ts';
import type { TaskContext } from '../common/task.ts';
import type { Task } from '../common/task-environment.ts';
import type { AuditEntry } from './rewrite/rewriter.ts';

const auditSchema = z.object({
  database: z.string(),
  attempt: z.number().int(),
  entries: z.array(z.object({ rule: z.string(), reason: z.string(), object: z.string(), before: z.string(), after: z.string() })),
  /** By table, what its INSERT statements reported. */
  rows: z.record(z.string(), z.number().int()),
});

export async function writeAudit({ storage, task, signal }: TaskContext, entries: readonly AuditEntry[], rows: ReadonlyMap<string, number>): Promise<void> {
  const audit = { database: task.database, attempt: task.attempt, entries: [...entries], rows: Object.fromEntries(rows) };
  await storage.putJson(auditKey(task, task.attempt), audit satisfies z.infer<typeof auditSchema>, signal);
}

/** Rows by table of the import that `attempt` made; undefined when it left no audit. */
export async function readImportedRows({ storage, task, signal }: TaskContext, attempt: number): Promise<ReadonlyMap<string, number> | undefined> {
  const parsed = auditSchema.safeParse(await storage.getJson(auditKey(task, attempt), signal));
  return parsed.success ? new Map(Object.entries(parsed.data.rows)) : undefined;
}

function auditKey(task: Task, attempt: number): string {
  const report = reportKey(task.migration, task.database, attempt, 'import');
  return `${report.slice(0, report.lastIndexOf('/'))}/audit.json`;
}
