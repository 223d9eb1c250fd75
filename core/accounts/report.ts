/**
 * What a migration did with the accounts of its databases: `<migration>/reports/accounts.json`. It has names and reasons, and
 * no hash. Each pass adds what it did to what the passes before it did.
 */
import { z } from 'zod';
import { migrationName } from '../contracts.ts';
import { accountKey } from './grants.ts';

/** Why an account was not made. */
const leftOutReasonSchema = z.enum(['administrator', 'anonymous', 'by-role', 'excluded', 'ferry', 'not-included', 'refused', 'role']);
export type LeftOutReason = z.infer<typeof leftOutReasonSchema>;

/** Why an account was made without its password, and locked. */
const lockReasonSchema = z.enum(['empty-password', 'hash-refused', 'locked-on-source', 'old-password', 'plugin']);
export type LockReason = z.infer<typeof lockReasonSchema>;

const leftOutGrantSchema = z.object({
  /** Of the source; for the reason `role`, the role. */
  privilege: z.string(),
  /** `*.*`, a database, table or routine as GRANT writes it; '' for a role. */
  on: z.string(),
  reason: z.enum(['dynamic', 'partial-revokes', 'proxy', 'refused', 'role']),
  /** The target's error number. */
  errno: z.number().int().optional(),
});
export type LeftOutGrant = z.infer<typeof leftOutGrantSchema>;

const grantedSchema = z.object({ on: z.string(), privileges: z.array(z.string()), grantOption: z.boolean() });
export type Granted = z.infer<typeof grantedSchema>;

const wildcardSchema = z.object({
  /** As stored on the source. */
  pattern: z.string(),
  /** Moved databases that it reaches. */
  databases: z.array(z.string()),
  /** One grant for each of these, or the pattern itself, which reaches databases to come as well. */
  carried: z.enum(['expanded', 'as-written']),
});
export type CarriedWildcard = z.infer<typeof wildcardSchema>;

const accountEntrySchema = z.object({
  user: z.string(),
  host: z.string(),
  /**
   * `created` with its password; `locked`: created, and nobody can log in; `matched`: was there already with the same
   * password; `exists`: was there already, is another one, and was left alone; `left-out`.
   */
  outcome: z.enum(['created', 'locked', 'matched', 'exists', 'left-out']),
  reason: z.union([leftOutReasonSchema, lockReasonSchema]).optional(),
  /** Authentication plugin on the source. */
  plugin: z.string(),
  /** The target's error number, for the reason `refused`. */
  errno: z.number().int().optional(),
  granted: z.array(grantedSchema),
  leftOut: z.array(leftOutGrantSchema),
  wildcards: z.array(wildcardSchema),
});
export type AccountEntry = z.infer<typeof accountEntrySchema>;

export const accountsReportSchema = z.object({
  format: z.literal(1),
  migration: migrationName,
  updatedAt: z.string(),
  accounts: z.array(accountEntrySchema),
});
export type AccountsReport = z.infer<typeof accountsReportSchema>;

/** Adds what a pass did. What it says about an account, and about what a grant is on, replaces what was said before. */
export function mergeEntries(before: readonly AccountEntry[], pass: readonly AccountEntry[]): AccountEntry[] {
  const merged = new Map(before.map((entry) => [accountKey(entry), entry]));
  for (const entry of pass) {
    const earlier = merged.get(accountKey(entry));
    merged.set(accountKey(entry), earlier === undefined ? entry : mergeEntry(earlier, entry));
  }
  return [...merged.values()].sort((a, b) => (accountKey(a) < accountKey(b) ? -1 : 1));
}

function mergeEntry(before: AccountEntry, entry: AccountEntry): AccountEntry {
  const touched = new Set([...entry.granted, ...entry.leftOut].map(({ on }) => on));
  const patterns = new Map(before.wildcards.map((wildcard) => [wildcard.pattern, wildcard]));
  for (const { pattern, databases, carried } of entry.wildcards) {
    patterns.set(pattern, { pattern, carried, databases: [...new Set([...(patterns.get(pattern)?.databases ?? []), ...databases])].sort() });
  }
  return {
    ...entry,
    granted: [...before.granted.filter(({ on }) => !touched.has(on)), ...entry.granted],
    leftOut: [...before.leftOut.filter(({ on }) => !touched.has(on)), ...entry.leftOut],
    wildcards: [...patterns.values()],
  };
}
